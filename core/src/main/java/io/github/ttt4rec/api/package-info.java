/**
 * Start here: read a log, train, evaluate, recommend, and follow a user live.
 *
 * <pre>{@code
 * RunConfig config = RunConfig.production();
 * Split split = config.open(purchases, Purchase::customer, Purchase::product, Purchase::time); // or open(Path.of("events.csv"))
 * TrainedModel model = Training.run(split, config);
 * System.out.println(model.evaluate(split).value("NDCG@10"));
 * Session session = model.newSession();
 * session.append("item-17");
 * session.recommend(10).forEach(System.out::println);
 * }</pre>
 *
 * <p>{@link io.github.ttt4rec.api.Session} combines one user's state with a thread's workspace. A server keeps them
 * apart: one {@link io.github.ttt4rec.api.ModelReader} per thread, and per user a
 * {@link io.github.ttt4rec.model.SequenceState} and the query vector that the last event returned.
 */
@NullMarked
package io.github.ttt4rec.api;

import org.jspecify.annotations.NullMarked;
