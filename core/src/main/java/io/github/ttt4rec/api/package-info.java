/**
 * Start here: read a log, train, evaluate, recommend, and follow a user live.
 *
 * <pre>{@code
 * RunConfig config = RunConfig.defaults();
 * Split split = config.open(Path.of("events.csv"));
 * TrainedModel model = Training.run(split, config);
 * System.out.println(EvaluationReport.table(model.evaluate(split, Split.Part.TEST)));
 * Session session = model.newSession();
 * session.append("item-17");
 * session.recommend(10).forEach(System.out::println);
 * }</pre>
 */
@NullMarked
package io.github.ttt4rec.api;

import org.jspecify.annotations.NullMarked;
