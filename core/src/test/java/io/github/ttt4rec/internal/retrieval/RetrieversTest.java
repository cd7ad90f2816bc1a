package io.github.ttt4rec.internal.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.autograd.OutputLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Both searches give the result of scoring and sorting all items: the same items in the same order, with bit-identical
 * scores.
 */
@Tag("kernels")
@ParameterizedClass(name = "{0}")
@MethodSource("searches")
class RetrieversTest {
    private static final long SEED = 77;

    private final Search search;
    private final SplittableRandom random = new SplittableRandom(SEED);

    record Search(String name, Function<OutputLayer, Retriever> make, Function<ItemVectors, Retriever> withColumns) {
        @Override
        public String toString() {
            return name;
        }
    }

    RetrieversTest(Search search) {
        this.search = search;
    }

    static Stream<Search> searches() {
        return Stream.of(
                new Search("exact", ExactScan::new, ExactScan::new),
                new Search("coded", CodedScan::new, CodedScan::new));
    }

    @BeforeEach
    void tellSeed() {
        System.out.println("seed " + SEED);
    }

    private static void check(OutputLayer output, Retriever retriever, List<Request> requests) {
        List<Ranked> found = retriever.top(requests);
        assertThat(found).hasSameSizeAs(requests);
        for (int i = 0; i < found.size(); i++) {
            List<Integer> expected = Catalogues.naive(output, requests.get(i));
            assertThat(Arrays.stream(found.get(i).items()).boxed().toList())
                    .as("request " + i + ", k " + requests.get(i).k())
                    .isEqualTo(expected);
            assertThat(found.get(i).scores())
                    .isEqualTo(Catalogues.scores(output, requests.get(i).hidden(), expected));
        }
    }

    @Test
    void sizesAroundBlocksAndVectorWidths() {
        for (int items : new int[] {1, 2, 63, 64, 65, 1023, 1025, 5000}) {
            for (int d : new int[] {1, 3, 16, 64, 65}) {
                OutputLayer output = Catalogues.clustered(items, d, items % 2 == 0, random);
                Retriever retriever = search.make().apply(output);
                List<Request> requests = new ArrayList<>();
                for (int k : new int[] {1, 10, 40, items + 7}) {
                    requests.add(new Request(Catalogues.vector(d, 1, random), k, Catalogues.all(output)));
                }
                check(output, retriever, requests);
            }
        }
    }

    @Test
    void eachRequestOfABatchGetsTheListOfAScan() {
        OutputLayer output = Catalogues.clustered(3000, 32, false, random);
        Retriever retriever = search.make().apply(output);
        for (int count : new int[] {0, 1, 2, 3, 4, 5, 7, 8, 33, 70}) {
            List<Request> requests = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                // Vectors have very different lengths, so that some searches end long before others.
                float[] hidden = Catalogues.vector(32, Math.exp(random.nextDouble(-6, 6)), random);
                requests.add(new Request(hidden, 1 + random.nextInt(29), Catalogues.all(output)));
            }
            check(output, retriever, requests);
        }
    }

    @Test
    void onlyAllowedItems() {
        OutputLayer output = Catalogues.clustered(4000, 16, true, random);
        Retriever retriever = search.make().apply(output);
        for (double share : new double[] {0, 0.001, 0.01, 0.02, 0.3, 0.99}) {
            float[] hidden = Catalogues.vector(16, 2, random);
            BitSet allowed = Catalogues.some(output, share, random);
            // Padding and indices beyond the catalogue have no effect.
            allowed.set(0);
            allowed.set(output.rows() + 3);
            check(output, retriever, List.of(new Request(hidden, 10, allowed), new Request(hidden, 0, allowed)));
        }
    }

    @Test
    void theBestAreNotAllowed() {
        OutputLayer output = Catalogues.clustered(4000, 16, false, random);
        Retriever retriever = search.make().apply(output);
        float[] hidden = Catalogues.vector(16, 1, random);
        BitSet allowed = Catalogues.all(output);
        Catalogues.naive(output, new Request(hidden, 3500, allowed)).forEach(allowed::clear);
        check(output, retriever, List.of(new Request(hidden, 10, allowed)));
    }

    @Test
    void itemsOfEqualScoreAreSortedByIndex() {
        float[] table = new float[2001 * 4];
        for (int i = 4; i < table.length; i++) {
            table[i] = random.nextInt(-1, 2);
        }
        OutputLayer output = Catalogues.layer(2000, 4, table, false, random);
        Retriever retriever = search.make().apply(output);
        for (float[] hidden : new float[][] {{1, 1, 1, 1}, {1, 0, -1, 0}, {-2, 0, 0, 0}, {0, 0, 0, 0}}) {
            check(output, retriever, List.of(new Request(hidden, 15, Catalogues.all(output))));
        }
    }

    @Test
    void vectorsThatAreAllTheSameOrZero() {
        float[] table = new float[1001 * 8];
        OutputLayer zeros = Catalogues.layer(1000, 8, table, false, random);
        Arrays.fill(table, 0.1f);
        OutputLayer same = Catalogues.layer(1000, 8, table, true, random);
        for (OutputLayer output : List.of(zeros, same)) {
            float[] hidden = Catalogues.vector(8, 1, random);
            check(output, search.make().apply(output), List.of(new Request(hidden, 9, Catalogues.all(output))));
        }
    }

    @Test
    void numbersOfAnySizeAndOutliers() {
        for (double scale : new double[] {1e-30, 1e-12, 1, 1e12}) {
            OutputLayer output = Catalogues.clustered(2000, 16, false, random);
            float[] table = output.table().value();
            for (int i = 0; i < table.length; i++) {
                // One value in 500 is far larger than its neighbours, which makes the codes coarse there.
                table[i] *= (float) (scale * (random.nextInt(500) == 0 ? 300 : 1));
            }
            OutputLayer scaled = Catalogues.layer(2000, 16, table, false, random);
            Retriever retriever = search.make().apply(scaled);
            for (double length : new double[] {1e-35, 1e-20, 1, 1e20}) {
                float[] hidden = Catalogues.vector(16, length, random);
                check(scaled, retriever, List.of(new Request(hidden, 10, Catalogues.all(scaled))));
            }
        }
    }

    @Test
    void additionalColumnsOfAnyRange() {
        for (double scale : new double[] {1e-6, 1, 1e6}) {
            OutputLayer output = Catalogues.clustered(3000, 16, scale == 1, random);
            float[][] columns = new float[2][output.rows()];
            for (int item = 1; item < output.rows(); item++) {
                columns[0][item] = (float) (scale * Math.exp(-5 * random.nextDouble()));
                columns[1][item] = random.nextInt(40) == 0 ? (float) (scale * random.nextGaussian()) : -0.5f;
            }
            ItemVectors vectors = new ItemVectors(output, columns);
            Retriever retriever = search.withColumns().apply(vectors);
            for (double[] factors : new double[][] {{1, 1}, {-1, 0.3}, {0, -2}, {1 / scale, 1 / scale}}) {
                float[] hidden = Catalogues.vector(18, 1, random);
                hidden[16] = (float) factors[0];
                hidden[17] = (float) factors[1];
                float[] scores = new float[output.rows()];
                vectors.score(1, hidden, scores);
                TopK naive = new TopK(10);
                for (int item = 1; item < scores.length; item++) {
                    naive.offer(item, scores[item]);
                }
                Ranked expected = naive.ranked();
                Ranked found = retriever.top(new Request(hidden, 10, Catalogues.all(output)));
                assertThat(found.items()).isEqualTo(expected.items());
                assertThat(found.scores()).isEqualTo(expected.scores());
            }
        }
    }

    @Test
    void vectorWithNanGivesTheListOfAScan() {
        OutputLayer output = Catalogues.clustered(2000, 16, false, random);
        Retriever retriever = search.make().apply(output);
        float[] hidden = Catalogues.vector(16, 1, random);
        hidden[3] = Float.NaN;
        check(output, retriever, List.of(new Request(hidden, 10, Catalogues.all(output))));
    }

    @Test
    void itemsBelowTheFloorAreNotFound() {
        OutputLayer output = Catalogues.clustered(4000, 16, true, random);
        Retriever retriever = search.make().apply(output);
        for (double share : new double[] {0.001, 0.3, 1}) {
            float[] hidden = Catalogues.vector(16, 2, random);
            BitSet allowed = Catalogues.some(output, share, random);
            Ranked all = retriever.top(new Request(hidden, 4000, allowed));
            for (int count = 1; count <= Math.min(12, all.size()); count++) {
                // An item with a score equal to the floor is found.
                float floor = all.scores()[count - 1];
                Ranked found = retriever.top(new Request(hidden, 10, allowed, floor));
                int wanted = Math.min(10, count);
                assertThat(found.items()).isEqualTo(Arrays.copyOf(all.items(), wanted));
                assertThat(found.scores()).isEqualTo(Arrays.copyOf(all.scores(), wanted));
            }
            float above = Math.nextUp(all.scores()[0]);
            assertThat(retriever.top(new Request(hidden, 10, allowed, above)).size())
                    .isZero();
        }
    }

    @Test
    void excludedItemsAreNotFound() {
        OutputLayer output = Catalogues.clustered(4000, 16, true, random);
        Retriever retriever = search.make().apply(output);
        // A share of 0.001 makes the search by codes score the allowed items directly.
        for (double share : new double[] {0.001, 0.3, 1}) {
            float[] hidden = Catalogues.vector(16, 2, random);
            BitSet allowed = Catalogues.some(output, share, random);
            BitSet excluded = Catalogues.some(output, 0.5, random);
            BitSet rest = (BitSet) allowed.clone();
            rest.andNot(excluded);
            Ranked expected = retriever.top(new Request(hidden, 10, rest));
            Ranked found = retriever.top(new Request(hidden, 10, allowed, excluded::get, Float.NEGATIVE_INFINITY));
            assertThat(found.items()).isEqualTo(expected.items());
            assertThat(found.scores()).isEqualTo(expected.scores());
        }
    }
}
