package io.github.ttt4rec.hybrid;

import static io.github.ttt4rec.hybrid.Logs.DAY;
import static io.github.ttt4rec.hybrid.Logs.MINUTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.recommend.History;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ItemFeaturesTest {
    private static final long SEED = 32;
    private static final int ITEMS = 30;

    private final HybridConfig config = HybridConfig.defaults();
    private final ItemTables tables = ItemTables.count(
            TrainingEvents.of(
                    Logs.leaveOneOut(Logs.of(ITEMS, true, Logs.circles(40, 15, ITEMS, new SplittableRandom(SEED))))),
            config);
    private final ItemFeatures features = new ItemFeatures(config, tables);

    private float[] of(History history, int item) {
        features.read(history);
        float[] row = new float[OutputWeights.FEATURES];
        if (features.contains(item)) {
            features.write(features.slotOf(item), row, 0);
        }
        return row;
    }

    private float value(History history, int item, ItemFeature feature) {
        return of(history, item)[feature.column()];
    }

    @Test
    void visitsAndGapsAreThoseOfTheHistory() {
        // Two visits with item 1, then a current one with items 2 and 3.
        long[] times = {0, 10 * DAY, 40 * DAY, 40 * DAY + MINUTE};
        History history = new History(new int[] {1, 1, 2, 3}, times, 0, 4, 40 * DAY + 20 * MINUTE);
        assertThat(value(history, 1, ItemFeature.UP_TO_A_QUARTER)).isEqualTo(1);
        assertThat(value(history, 1, ItemFeature.UP_TO_A_MONTH)).isZero();
        assertThat(value(history, 1, ItemFeature.LOG_VISITS)).isCloseTo((float) Math.log(2), within(1e-6f));
        assertThat(value(history, 1, ItemFeature.LOG_TIMES)).isCloseTo((float) Math.log(2), within(1e-6f));
        assertThat(value(history, 1, ItemFeature.UP_TO_3_BACK)).isEqualTo(1);
        assertThat(value(history, 1, ItemFeature.THIS_VISIT)).isZero();
        assertThat(value(history, 2, ItemFeature.THIS_VISIT)).isEqualTo(1);
        assertThat(value(history, 2, ItemFeature.VISIT_RECENCY)).isEqualTo(0.5f);
        assertThat(value(history, 3, ItemFeature.LAST)).isEqualTo(1);
        features.read(history);
        assertThat(features.gates()[Gate.VISIT_SIZE.column()]).isCloseTo((float) Math.log(3), within(1e-6f));
        assertThat(features.gates()[Gate.NEW_VISIT.column()]).isZero();
        assertThat(features.gates()[Gate.GAP.column()]).isCloseTo((float) (Math.log1p(30 * 24) / 4), within(1e-3f));
    }

    @Test
    void ownSuccessionsAreWhatTheUserHadAfterTheLastItems() {
        History history = History.of(1, 2, 3, 4, 1, 5, 9, 1);
        // After the first 1 came 2, 3, 4, 1, 5 at distances 1 to 5, and after the second 1 came 5.
        assertThat(value(history, 2, ItemFeature.OWN_SUCCESSION)).isCloseTo(logOf(1), within(3e-3f));
        assertThat(value(history, 3, ItemFeature.OWN_SUCCESSION)).isCloseTo(logOf(1 / 2.0), within(3e-3f));
        assertThat(value(history, 4, ItemFeature.OWN_SUCCESSION)).isCloseTo(logOf(1 / 3.0), within(3e-3f));
        assertThat(value(history, 5, ItemFeature.OWN_SUCCESSION)).isCloseTo(logOf(1 + 1 / 5.0), within(3e-3f));
        assertThat(value(history, 2, ItemFeature.OWN_NEXT)).isCloseTo((float) Math.log(2), within(3e-3f));
        assertThat(value(history, 5, ItemFeature.OWN_NEXT)).isCloseTo((float) Math.log(2), within(3e-3f));
        assertThat(value(history, 3, ItemFeature.OWN_NEXT)).isZero();
    }

    @Test
    void eventBeforeTheLastOneTellsWhatFollowsAtTheRequestsDistance() {
        // The last item is new, but the one before it was followed by 2 and then by 3, which is where the request is.
        History history = History.of(1, 2, 3, 1, 7);
        assertThat(value(history, 3, ItemFeature.OWN_SUCCESSION)).isCloseTo(logOf(0.5), within(3e-3f));
        assertThat(value(history, 3, ItemFeature.OWN_NEXT)).isZero();
        assertThat(value(History.of(1, 2, 3), 3, ItemFeature.OWN_SUCCESSION))
                .as("without a repeated item")
                .isZero();
    }

    private static float logOf(double sum) {
        return (float) Math.log1p(10 * sum);
    }

    @Test
    void requestLongAfterTheLastEventStartsAVisit() {
        History history = new History(new int[] {1, 2}, new long[] {0, MINUTE}, 0, 2, 3 * DAY);
        features.read(history);
        assertThat(features.gates()[Gate.NEW_VISIT.column()]).isEqualTo(1);
        assertThat(value(history, 2, ItemFeature.UP_TO_A_WEEK)).isEqualTo(1);
        assertThat(value(history, 2, ItemFeature.THIS_VISIT)).isZero();
    }

    @Test
    void requestBeforeTheLastEventCountsAsOneAtItsTime() {
        int[] items = {4, 5, 6};
        long[] times = {DAY, 2 * DAY, 3 * DAY};
        for (int item : items) {
            assertThat(of(new History(items, times, 0, 3, -5 * DAY), item))
                    .isEqualTo(of(new History(items, times, 0, 3, 3 * DAY), item));
        }
    }

    @Test
    void equalReversedAndFutureTimesGiveFiniteFeatures() {
        int[] items = {4, 5, 4, 6};
        long[][] all = {
            {7, 7, 7, 7},
            {9 * DAY, 5 * DAY, 2 * DAY, 0},
            {0, 1, 2, Long.MAX_VALUE / 4},
            {-DAY, 0, DAY, 2 * DAY}
        };
        for (long[] times : all) {
            History history = new History(items, times, 0, 4, DAY);
            features.read(history);
            assertFinite(features.gates());
            for (int item = 1; item <= ITEMS; item++) {
                assertFinite(of(history, item));
            }
        }
        History equal = new History(items, all[0], 0, 4, 7);
        assertThat(value(equal, 4, ItemFeature.THIS_VISIT))
                .as("equal times are one visit")
                .isEqualTo(1);
    }

    private static void assertFinite(float[] values) {
        for (float value : values) {
            assertThat(value).isFinite();
        }
    }

    @Test
    void onlySeenItemsHaveTheFeaturesOfSeenItems() {
        History history = History.of(4, 5, 4, 6);
        for (int item = 1; item <= ITEMS; item++) {
            float[] row = of(history, item);
            float seen = row[ItemFeature.SEEN.column()];
            for (int f = 0; f < ItemFeature.MEMORY; f++) {
                float related = row[ItemFeature.COOCCURRENCE.column() + f];
                assertThat(row[ItemFeature.SEEN_COOCCURRENCE.column() + f]).isEqualTo(seen * related);
            }
            float popularity = features.tables().popularity()[item];
            assertThat(row[ItemFeature.SEEN_POPULARITY.column()]).isEqualTo(seen * popularity);
            float follows = row[ItemFeature.FOLLOWS.column()];
            assertThat(follows).isEqualTo(row[ItemFeature.SUCCESSION.column()] > 0 ? 1 : 0);
            assertThat(row[ItemFeature.FOLLOWS_POPULARITY.column()]).isEqualTo(follows * popularity);
        }
    }

    @Test
    void historyWithoutTimesHasNoFeatureOfTime() {
        History history = History.of(4, 5, 4, 6);
        for (int item = 1; item <= ITEMS; item++) {
            float[] row = of(history, item);
            for (ItemFeature feature : ItemFeature.values()) {
                switch (feature) {
                    case THIS_VISIT,
                            UP_TO_A_DAY,
                            UP_TO_A_WEEK,
                            UP_TO_A_MONTH,
                            UP_TO_A_QUARTER,
                            LOG_VISITS,
                            VISIT_RECENCY,
                            COOCCURRENCE_VISIT,
                            TRANSITION_VISIT,
                            NEXT_VISIT,
                            SEEN_COOCCURRENCE_VISIT,
                            SEEN_TRANSITION_VISIT,
                            SEEN_NEXT_VISIT ->
                        assertThat(row[feature.column()]).as(feature.name()).isZero();
                    case NETWORK,
                            POPULARITY,
                            FRESH_POPULARITY,
                            SEEN,
                            LAST,
                            UP_TO_3_BACK,
                            UP_TO_10_BACK,
                            UP_TO_50_BACK,
                            LOG_BACK,
                            LOG_TIMES,
                            ITEM_REPEATS,
                            USER_REPEATS,
                            OWN_SUCCESSION,
                            OWN_NEXT,
                            COOCCURRENCE,
                            COOCCURRENCE_LONG,
                            TRANSITION,
                            SUCCESSION,
                            FOLLOWS,
                            FOLLOWS_POPULARITY,
                            SEEN_NETWORK,
                            SEEN_POPULARITY,
                            SEEN_FRESH_POPULARITY,
                            SEEN_COOCCURRENCE,
                            SEEN_COOCCURRENCE_LONG,
                            SEEN_TRANSITION,
                            SEEN_SUCCESSION -> {}
                }
            }
        }
        assertThat(features.gates()[Gate.NEW_VISIT.column()]).isZero();
        assertThat(features.gates()[Gate.VISIT_SIZE.column()]).isZero();
        assertThat(features.gates()[Gate.GAP.column()]).isZero();
    }

    /**
     * The last events, which a live server keeps of a long history, give the same features as the whole history in an
     * evaluation.
     */
    @Test
    void keptEventsGiveTheFeaturesOfTheWholeHistory() {
        SplittableRandom random = new SplittableRandom(SEED);
        int n = 2 * config.historyEvents();
        int[] items = random.ints(n, 1, ITEMS + 1).toArray();
        long[] times = random.longs(n, 0, 300 * DAY).sorted().toArray();
        int kept = config.historyEvents();
        History whole = new History(items, times, 0, n, 301 * DAY);
        History last = new History(
                Arrays.copyOfRange(items, n - kept, n), Arrays.copyOfRange(times, n - kept, n), 0, kept, 301 * DAY);
        features.read(whole);
        float[] gates = features.gates().clone();
        float[][] rows = new float[ITEMS + 1][];
        for (int item = 1; item <= ITEMS; item++) {
            rows[item] = of(whole, item);
        }
        features.read(last);
        assertThat(features.gates()).isEqualTo(gates);
        for (int item = 1; item <= ITEMS; item++) {
            assertThat(of(last, item)).isEqualTo(rows[item]);
        }
    }

    @Test
    void readingIsIndependentOfWhatWasReadBefore() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 50; i++) {
            History history = Logs.history(ITEMS, 80, random);
            float[] before = of(history, history.item(0));
            assertThat(new ItemFeaturesTest().of(history, history.item(0))).isEqualTo(before);
        }
    }
}
