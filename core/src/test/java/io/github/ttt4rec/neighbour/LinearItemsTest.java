package io.github.ttt4rec.neighbour;

import static io.github.ttt4rec.neighbour.NaiveRanking.SEED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.recommend.History;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * With all items as neighbours, B is the published closed form, computed here from dense matrices with one row per
 * case.
 */
class LinearItemsTest {
    private static final double LAMBDA = 3;
    private final Split split = NaiveRanking.randomSplit(SEED);
    private final int items = split.data().itemCount();

    /** A case: its weighted rows of sources and targets. */
    private record Case(double[] source, double[] target) {}

    private double[][] solution(List<Case> cases, boolean zeroDiagonal) {
        double[][] gram = new double[items][items];
        double[][] right = new double[items][items];
        for (Case one : cases) {
            for (int i = 0; i < items; i++) {
                for (int j = 0; j < items; j++) {
                    gram[i][j] += one.source()[i] * one.source()[j];
                    right[i][j] += one.source()[i] * one.target()[j];
                }
            }
        }
        for (int i = 0; i < items; i++) {
            gram[i][i] += LAMBDA;
        }
        double[][] inverse = inverse(gram);
        double[][] b = new double[items][items];
        for (int i = 0; i < items; i++) {
            for (int j = 0; j < items; j++) {
                if (zeroDiagonal) {
                    b[i][j] = i == j ? 0 : -inverse[i][j] / inverse[j][j];
                } else {
                    for (int k = 0; k < items; k++) {
                        b[i][j] += inverse[i][k] * right[k][j];
                    }
                }
            }
        }
        return b;
    }

    /** The inverse by Gauss-Jordan elimination with pivoting. */
    private static double[][] inverse(double[][] matrix) {
        int n = matrix.length;
        double[][] work = new double[n][2 * n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(matrix[i], 0, work[i], 0, n);
            work[i][n + i] = 1;
        }
        for (int c = 0; c < n; c++) {
            int pivot = c;
            for (int r = c; r < n; r++) {
                pivot = Math.abs(work[r][c]) > Math.abs(work[pivot][c]) ? r : pivot;
            }
            double[] swap = work[c];
            work[c] = work[pivot];
            work[pivot] = swap;
            double divisor = work[c][c];
            for (int k = 0; k < 2 * n; k++) {
                work[c][k] /= divisor;
            }
            for (int r = 0; r < n; r++) {
                double factor = work[r][c];
                for (int k = 0; r != c && k < 2 * n; k++) {
                    work[r][k] -= factor * work[c][k];
                }
            }
        }
        double[][] inverse = new double[n][n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(work[i], n, inverse[i], 0, n);
        }
        return inverse;
    }

    private void assertAgrees(LinearItems model, double[][] b) {
        for (int source = 1; source <= items; source++) {
            float[] scores = new float[items + 1];
            model.newHistoryScorer().score(History.of(source), scores, 0);
            for (int target = 1; target <= items; target++) {
                assertThat((double) scores[target])
                        .as("B[%d][%d]", source, target)
                        .isCloseTo(b[source - 1][target - 1], within(1e-5));
            }
        }
    }

    private double[] oneHot(int item, double value) {
        double[] row = new double[items];
        row[item - 1] = value;
        return row;
    }

    @Test
    void easeAgreesWithTheClosedForm() {
        List<Case> cases = new ArrayList<>();
        for (int u = 0; u < split.data().userCount(); u++) {
            double[] x = new double[items];
            NaiveRanking.training(split, u).forEach(item -> x[item - 1] = 1);
            cases.add(new Case(x, x));
        }
        assertAgrees(new Ease(items, LAMBDA, 50).create(split), solution(cases, true));
    }

    @Test
    void slistAgreesWithTheClosedForm() {
        double alpha = 0.3;
        double tau = 1.5;
        List<Case> cases = new ArrayList<>();
        for (int u = 0; u < split.data().userCount(); u++) {
            List<Integer> events = NaiveRanking.training(split, u);
            double[] x = new double[items];
            events.forEach(item -> x[item - 1] = Math.sqrt(alpha) * 1);
            cases.add(new Case(x, x));
            for (int cut = 1; cut < events.size(); cut++) {
                double[] past = new double[items];
                double[] future = new double[items];
                for (int p = 0; p < events.size(); p++) {
                    double weight = Math.sqrt(1 - alpha) * Math.exp(-(p < cut ? cut - 1 - p : p - cut) / tau);
                    (p < cut ? past : future)[events.get(p) - 1] += weight;
                }
                cases.add(new Case(past, future));
            }
        }
        assertAgrees(new Slist(items, LAMBDA, alpha, tau, 2, 50).create(split), solution(cases, false));
    }

    @Test
    void taleAgreesWithTheClosedForm() {
        double tau = 2;
        double floor = 0.3;
        int[] popularity = new int[items + 1];
        for (int u = 0; u < split.data().userCount(); u++) {
            NaiveRanking.training(split, u).forEach(item -> popularity[item]++);
        }
        List<Case> cases = new ArrayList<>();
        for (int u = 0; u < split.data().userCount(); u++) {
            List<Integer> events = NaiveRanking.training(split, u);
            for (int q = 1; q < events.size(); q++) {
                double[] source = new double[items];
                for (int p = Math.max(0, q - 6); p < q; p++) {
                    source[events.get(p) - 1] +=
                            Math.max(Math.exp(-(q - p) / tau), floor) / Math.sqrt(popularity[events.get(p)]);
                }
                cases.add(new Case(source, oneHot(events.get(q), 1)));
            }
        }
        assertAgrees(new Tale(items, LAMBDA, tau, floor, 0.5, 2, 6, 0).create(split), solution(cases, false));
    }

    /** The same with popularity in a trailing window, on the same log with times. */
    @Test
    void taleAgreesWithTheClosedFormIfPopularityIsOfAWindow() {
        Dataset untimed = split.data();
        Dataset data = new Dataset(
                untimed.users(),
                untimed.items(),
                untimed.offsets(),
                untimed.events(),
                untimed.times(),
                true,
                untimed.source());
        Split timed = new Split(
                "with times",
                data,
                IntStream.range(0, data.userCount()).map(split::trainingLength).toArray(),
                IntStream.range(0, data.userCount())
                        .map(user -> split.from(Split.Part.TEST, user))
                        .toArray());
        long window = 6;
        double floor = 0.3;
        List<Case> cases = new ArrayList<>();
        for (int u = 0; u < data.userCount(); u++) {
            for (int q = 1; q < timed.trainingLength(u); q++) {
                double[] source = new double[items];
                for (int p = Math.max(0, q - 6); p < q; p++) {
                    double days = (data.times()[data.start(u) + q] - data.times()[data.start(u) + p]) / 86_400e6;
                    source[data.item(u, p) - 1] +=
                            Math.max(Math.exp(-days / 2), floor) / Math.sqrt(countInWindow(timed, u, p, window));
                }
                cases.add(new Case(source, oneHot(data.item(u, q), 1)));
            }
        }
        Tale tale = new Tale(items, LAMBDA, 2, floor, 0.5, 2, 6, window / 86_400e6);
        assertAgrees(tale.create(timed), solution(cases, false));
    }

    /** The number of training events of an event's item in the window that ends at the event's time. */
    private static int countInWindow(Split split, int user, int position, long window) {
        Dataset data = split.data();
        long now = data.times()[data.start(user) + position];
        int count = 0;
        for (int u = 0; u < data.userCount(); u++) {
            for (int p = 0; p < split.trainingLength(u); p++) {
                long time = data.times()[data.start(u) + p];
                count += data.item(u, p) == data.item(user, position) && time <= now && time > now - window ? 1 : 0;
            }
        }
        return count;
    }

    @Test
    void learnsFromTrainingOnly() {
        NaiveRanking.assertLearnsFromTrainingOnly(Ease.defaults()::create);
        NaiveRanking.assertLearnsFromTrainingOnly(Slist.defaults()::create);
        NaiveRanking.assertLearnsFromTrainingOnly(Tale.defaults()::create);
    }

    @Test
    void fewNeighboursGiveSparseColumns() {
        LinearItems model = new Ease(3, LAMBDA, 50).create(split);
        int[] entries = new int[items + 1];
        for (int source = 1; source <= items; source++) {
            float[] scores = new float[items + 1];
            model.newHistoryScorer().score(History.of(source), scores, 0);
            for (int target = 1; target <= items; target++) {
                entries[target] += Math.abs(scores[target]) > 1e-6 ? 1 : 0;
            }
        }
        assertThat(java.util.Arrays.stream(entries).max().orElseThrow()).isEqualTo(3);
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new Ease(0, 1, 50)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Ease(1, 0, 50)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Slist(1, 1, 2, 1, 1, 50)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Tale(1, 1, 0, 0.4, 0.5, 2, 50, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Tale(1, 1, 1, 0.4, 0.5, 2, 50, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("popularity_days");
    }
}
