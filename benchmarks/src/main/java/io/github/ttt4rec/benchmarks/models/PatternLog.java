package io.github.ttt4rec.benchmarks.models;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A synthetic log with a single known pattern, so that one can tell which part of a model finds it. Each user starts at
 * a random time of the same year.
 *
 * @param pattern the rule by which users choose items
 * @param users the number of users
 * @param items V
 * @param length the mean number of events of a user; lengths differ by up to a half
 * @param longest the number of events of the first user, if it is above 0
 * @param seed the seed; the same seed gives the same log
 */
public record PatternLog(Pattern pattern, int users, int items, int length, int longest, long seed) {
    private static final long MINUTE = 60_000_000L;
    private static final long DAY = 24 * 60 * MINUTE;
    private static final long START = 1_600_000_000_000_000L;
    private static final int SUCCESSORS = 4;
    private static final double[] SUCCESSOR_SHARES = {0.4, 0.65, 0.8, 0.9};
    private static final int CLUSTER = 25;
    private static final int SERIES = 10;
    private static final int BASKET = 6;
    private static final int TASTE_SIZE = 6;
    private static final long SEASON = 60 * DAY;

    /** A rule by which users choose items. */
    public enum Pattern {
        /** A Markov chain of first order; each item has four likely successors. */
        CHAIN,
        /** A Markov chain of second order. */
        SECOND_ORDER,
        /** Each item has one successor, which follows in four of five cases. */
        CYCLE,
        /** Independent draws by popularity. */
        POPULARITY,
        /** Independent draws; all items are equally popular. */
        UNIFORM,
        /** Independent draws by a popularity that changes every few weeks. */
        DRIFT,
        /** Each user draws from two clusters of items, in no order and each item once. */
        CLUSTERS,
        /** The same in visits of several events at one time. */
        BURSTS,
        /** Weekly visits of several events at one time, most of them on the user's own 20 items. */
        GROCERIES,
        /** Each event is mostly on one of the last items. */
        REPEATS,
        /** An item depends on the day of the week and the hour; a user comes several times a day. */
        CALENDAR,
        /** Two Markov chains of first order in turn: an item depends on the one before the last. */
        INTERLEAVED,
        /** Each user draws from two clusters of items in turn. */
        ALTERNATION,
        /** Visits, each to a cluster of its own, which some other visitors choose more often. */
        SESSIONS,
        /** Series of ten items, most of them watched in order to the end, popular series more often. */
        EPISODES,
        /** Weekly visits that repeat the user's own basket in the same order, with a few exceptions. */
        BASKETS,
        /** Each user has vectors of taste, as do the items, and draws each item once. */
        TASTES,
        /** All users go through the same items in the same order, from different starts. */
        IDENTICAL,
        /** Independent draws by a popularity that is another in each season of 60 days. */
        SEASONS,
        /** Some users follow a Markov chain, others draw by popularity, and others repeat one of their last items. */
        MIXED
    }

    /** Checks the counts. */
    public PatternLog {
        if (users < 1 || items < 1 || length < 1 || longest < 0) {
            throw new IllegalArgumentException("a log needs users, items and events");
        }
    }

    /** Generates the log user by user; returns the number of events. */
    public int forEach(SyntheticLog.Sink sink) {
        int events = 0;
        Chooser chooser = new Chooser(new SplittableRandom(seed));
        SplittableRandom lengths = new SplittableRandom(seed + 1);
        for (int user = 0; user < users; user++) {
            int most = user == 0 && longest > 0 ? longest : length - length / 2 + lengths.nextInt(length / 2 * 2 + 1);
            events += chooser.user(user, most, sink);
        }
        return events;
    }

    private final class Chooser {
        private final SplittableRandom random;
        private final int[][] successors = new int[items + 1][];
        private final double[] popularity = new double[items + 1];
        private final double[][] tastes = new double[items + 1][];
        private final double[] cumulated = new double[items + 1];
        private int[] own = {};
        private int kind;
        private int cluster;
        private long visited;
        private int[] history = {};
        private int count;
        private long time;

        Chooser(SplittableRandom random) {
            this.random = random;
            for (int v = 1; v <= items; v++) {
                successors[v] = random.ints(SUCCESSORS, 1, items + 1).toArray();
                popularity[v] = popularity[v - 1] + 1.0 / v;
            }
        }

        int user(int user, int most, SyntheticLog.Sink sink) {
            own = switch (pattern) {
                case GROCERIES -> random.ints(20, 1, items + 1).toArray();
                case BASKETS -> random.ints(BASKET, 1, items + 1).toArray();
                case CLUSTERS, BURSTS, ALTERNATION -> clusters();
                default -> own;
            };
            if (pattern == Pattern.TASTES) {
                drawTaste();
            }
            kind = user % 3;
            history = new int[most];
            time = START + random.nextLong(300) * DAY + random.nextLong(DAY);
            for (count = 0; count < most; count++) {
                if (count > 0) {
                    time += pause();
                }
                int item = choose();
                if (item == 0) {
                    break;
                }
                history[count] = item;
                sink.event(user, item, time);
            }
            return count;
        }

        private long pause() {
            return switch (pattern) {
                case GROCERIES -> random.nextInt(6) > 0 ? 0 : 7 * DAY;
                case BURSTS -> random.nextInt(8) > 0 ? 0 : random.nextLong(20 * DAY);
                case CALENDAR -> random.nextLong(MINUTE, DAY / 2);
                case BASKETS -> count % BASKET == 0 ? 7 * DAY : 0;
                case SESSIONS ->
                    random.nextInt(5) > 0 ? random.nextLong(MINUTE, 10 * MINUTE) : random.nextLong(DAY, 9 * DAY);
                default -> random.nextInt(3) > 0 ? random.nextLong(MINUTE, 10 * MINUTE) : random.nextLong(4 * DAY);
            };
        }

        private int[] clusters() {
            int clusters = Math.max(1, items / CLUSTER);
            int first = random.nextInt(clusters);
            int second = random.nextInt(clusters);
            int[] members = new int[2 * CLUSTER];
            for (int i = 0; i < CLUSTER; i++) {
                members[i] = 1 + Math.min(items - 1, first * CLUSTER + i);
                members[CLUSTER + i] = 1 + Math.min(items - 1, second * CLUSTER + i);
            }
            return members;
        }

        private int choose() {
            int last = count == 0 ? 0 : history[count - 1];
            return switch (pattern) {
                case CHAIN -> last == 0 ? uniform() : successor(last);
                case SECOND_ORDER -> count < 2 ? uniform() : successor(mixed(history[count - 2], last));
                case CYCLE -> last == 0 || random.nextInt(5) == 0 ? uniform() : last % items + 1;
                case POPULARITY -> popular();
                case UNIFORM -> uniform();
                case DRIFT -> (int) ((popular() + (time - START) / (20 * DAY) * 7) % items) + 1;
                case CLUSTERS, BURSTS -> fresh();
                case GROCERIES -> random.nextInt(4) > 0 ? own[skewed(own.length)] : popular();
                case REPEATS -> mostlyRecent(last);
                case CALENDAR -> random.nextInt(4) > 0 ? byCalendar() : popular();
                case INTERLEAVED -> count < 2 ? uniform() : successor(history[count - 2]);
                case ALTERNATION -> own[skewed(CLUSTER) + count % 2 * CLUSTER];
                case SESSIONS -> ofVisit();
                case EPISODES -> episode(last);
                case BASKETS -> random.nextInt(5) > 0 ? own[count % BASKET] : popular();
                case TASTES -> byTaste();
                case IDENTICAL -> last == 0 ? uniform() : last % items + 1;
                case SEASONS -> 1 + (int) ((popular() + (time - START) / SEASON * (items / 3)) % items);
                case MIXED ->
                    kind == 0 ? last == 0 ? uniform() : successor(last) : kind == 1 ? popular() : mostlyRecent(last);
            };
        }

        private int mostlyRecent(int last) {
            return last > 0 && random.nextInt(4) > 0 ? recent() : popular();
        }

        /** Draws an item of the visit's cluster; a visit begins after a pause of a day. */
        private int ofVisit() {
            if (count == 0 || time - visited >= DAY) {
                cluster = (popular() - 1) / CLUSTER;
            }
            visited = time;
            return 1 + Math.min(items - 1, cluster * CLUSTER + skewed(CLUSTER));
        }

        /** The next item of the series, or after its end, and sometimes before, the first one of another series. */
        private int episode(int last) {
            boolean ended = last == 0 || last % SERIES == 0 || random.nextInt(10) == 0;
            return ended ? 1 + (popular() - 1) / SERIES * SERIES : Math.min(items, last + 1);
        }

        private double[] vector() {
            return random.doubles(TASTE_SIZE).map(draw -> 2 * draw - 1).toArray();
        }

        /** Draws the next user's taste, and at first those of the items. */
        private void drawTaste() {
            double[] user = vector();
            for (int v = 1; v <= items; v++) {
                tastes[v] = tastes[v] == null ? vector() : tastes[v];
                double fit = -Math.log(v) / 2;
                for (int i = 0; i < TASTE_SIZE; i++) {
                    fit += 3 * user[i] * tastes[v][i];
                }
                cumulated[v] = cumulated[v - 1] + Math.exp(fit);
            }
        }

        /** Returns an item by taste that the user has not had, or 0 if the draws find none. */
        private int byTaste() {
            for (int attempt = 0; attempt < 1000; attempt++) {
                int item = drawn(cumulated);
                if (Arrays.stream(history, 0, count).noneMatch(had -> had == item)) {
                    return item;
                }
            }
            return 0;
        }

        private int uniform() {
            return random.nextInt(1, items + 1);
        }

        private int successor(int state) {
            double draw = random.nextDouble();
            for (int i = 0; i < SUCCESSORS; i++) {
                if (draw < SUCCESSOR_SHARES[i]) {
                    return successors[state][i];
                }
            }
            return uniform();
        }

        private int mixed(int before, int last) {
            return 1 + Math.floorMod(31 * before + 7 * last, items);
        }

        private int popular() {
            return drawn(popularity);
        }

        /** Draws an item, given the sums of the weights up to each. */
        private int drawn(double[] sums) {
            int found = Arrays.binarySearch(sums, random.nextDouble(sums[items]));
            return Math.clamp(found < 0 ? -found - 1 : found, 1, items);
        }

        /** Draws a small index more often. */
        private int skewed(int n) {
            double draw = random.nextDouble();
            return (int) (draw * draw * n);
        }

        /** Returns an item of the user's clusters that the user has not had, or 0 if the draws find none. */
        private int fresh() {
            for (int attempt = 0; attempt < 100; attempt++) {
                int item = random.nextInt(10) == 0 ? popular() : own[skewed(CLUSTER) + random.nextInt(2) * CLUSTER];
                if (Arrays.stream(history, 0, count).noneMatch(had -> had == item)) {
                    return item;
                }
            }
            return 0;
        }

        private int recent() {
            return history[count - 1 - Math.min(count - 1, skewed(10))];
        }

        private int byCalendar() {
            long hour = time / (60 * MINUTE);
            long slot = hour / 24 % 7 * 8 + hour % 24 / 3;
            return 1 + (int) ((slot * 5 + random.nextInt(5)) % items);
        }
    }
}
