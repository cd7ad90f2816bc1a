package io.github.ttt4rec.api;

import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.eval.EvaluationReport;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Recommendation;
import java.nio.file.Path;
import java.util.List;

/** The example that the README shows: what stands between the two marks, word for word. */
final class ReadmeExample {
    private ReadmeExample() {}

    public static void main(String[] args) throws InterruptedException {
        // [README
        RunConfig config = RunConfig.defaults().withSplit(SplitSpec.parse("leave-one-out"));
        Split split = config.open(Path.of("events.csv"));
        TrainedModel model = Training.run(split, config);
        System.out.print(EvaluationReport.table(model.evaluate(split, Split.Part.TEST)));
        model.save(Path.of("model"));

        // Later, or elsewhere: the next items after a history.
        model = TrainedModel.load(Path.of("model"));
        model.recommend(List.of("i3", "i4"), 10).forEach(System.out::println);

        // One user, live: every event trains the fast weights.
        Session session = model.newSession();
        session.append("i3");
        session.append("i4");
        for (Recommendation next : session.recommend(10, ItemFilter.UNSEEN)) {
            System.out.println(next.item() + " " + next.score());
        }
        // README]
    }
}
