package io.github.ttt4rec.lab.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.Split.Part;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.eval.EvaluationOptions;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.eval.Evaluator.Scoring;
import io.github.ttt4rec.eval.Protocol;
import io.github.ttt4rec.lab.Logs;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlendTest {
    private static final long SEED = 12;

    @TempDir
    private Path directory;

    private Split split() {
        return RunConfig.defaults()
                .withData(PrepareOptions.keepAll())
                .withSplit(SplitSpec.parse("leave-one-out"))
                .open(Logs.writeUneven(directory.resolve("log.csv"), 200));
    }

    /** Random scores, in which the target has a signal added with some probability. */
    private static Scoring noisy(int items, double probability, double scale, long seed) {
        return new Scoring(items, () -> (block, scores) -> {
            for (int i = 0; i < block.size(); i++) {
                SplittableRandom random = new SplittableRandom(seed + 1000L * block.users()[i] + block.positions()[i]);
                for (int item = 1; item <= items; item++) {
                    scores[i * (items + 1) + item] = (float) (scale * random.nextGaussian());
                }
                if (random.nextDouble() < probability) {
                    scores[i * (items + 1) + block.target(i)] += (float) (4 * scale);
                }
            }
        });
    }

    private static double ndcg(Scoring scoring, Split split) throws InterruptedException {
        return Objects.requireNonNull(
                        new Evaluator(EvaluationOptions.defaults("all").withBootstrap(0, 0))
                                .evaluateAllProtocols(scoring, split, Part.TEST, (done, total) -> {})
                                .get(Protocol.ALL))
                .value("NDCG@10");
    }

    @Test
    void blendOfTwoThatKnowDifferentThingsBeatsBoth() throws InterruptedException {
        System.out.println("seed " + SEED);
        Split split = split();
        int items = split.data().itemCount();
        // The scores of the second are a thousand times as large, which must not matter.
        Scoring one = noisy(items, 0.5, 1, SEED);
        Scoring other = noisy(items, 0.5, 1000, SEED + 1);
        Blend blend = Blend.fit(List.of(one, other), split, SEED, () -> {});
        assertThat(blend.weights()[0]).isPositive();
        assertThat(blend.weights()[1]).isPositive();
        assertThat(blend.weights()[0] + blend.weights()[1]).isCloseTo(1, within(1e-12));
        double both = ndcg(blend.scoring(), split);
        assertThat(both).isGreaterThan(ndcg(one, split)).isGreaterThan(ndcg(other, split));
    }

    @Test
    void recommenderThatKnowsNothingHardlyCounts() throws InterruptedException {
        Split split = split();
        int items = split.data().itemCount();
        Scoring good = noisy(items, 0.9, 1, SEED);
        Blend blend = Blend.fit(List.of(noisy(items, 0, 1, SEED + 1), good), split, SEED, () -> {});
        assertThat(blend.weights()[0]).isLessThan(0.5 * blend.weights()[1]);
        assertThat(ndcg(blend.scoring(), split)).isCloseTo(ndcg(good, split), within(0.1));
    }

    @Test
    void scoresAreStandardisedAndOneThatIsLeftOutBecomesTheLowest() {
        float[] scores = {9, 9, 1, 3, Float.NEGATIVE_INFINITY, 2, 2};
        Blend.standardise(scores, 1, 6);
        // The values 1, 3, 2, 2 have mean 2 and deviation √(1/2).
        float unit = (float) Math.sqrt(2);
        assertThat(scores).containsExactly(new float[] {9, 0, -unit, unit, -unit, 0, 0}, within(1e-6f));
        float[] equal = {0, 5, 5, 5};
        Blend.standardise(equal, 0, 4);
        assertThat(equal).containsOnly(0);
    }
}
