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
        CALENDAR
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
        private int[] own = {};
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
                case CLUSTERS, BURSTS -> clusters();
                default -> own;
            };
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
                case REPEATS -> last > 0 && random.nextInt(4) > 0 ? recent() : popular();
                case CALENDAR -> random.nextInt(4) > 0 ? byCalendar() : popular();
            };
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
            int found = Arrays.binarySearch(popularity, random.nextDouble(popularity[items]));
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
