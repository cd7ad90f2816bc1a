package io.github.ttt4rec.data;

import io.github.ttt4rec.UserFacingException;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A rule that assigns prediction cases to training, validation and test. A user's first event is never a case.
 *
 * <p>The rules differ in what training may know. A temporal split cuts all users at the same two times: only events
 * before the first time are used for training, and a user who appears later contributes nothing. A ratio and
 * leave-one-out cut each user separately: training never sees a user's own later events, but it does see other users'
 * events that happened after this user's test cases. Results of the two kinds are not comparable.
 *
 * <p>Under every rule, filters such as the k-core are applied to the whole log before it is split: they decide which
 * users and items exist, not what is known about them.
 */
public sealed interface SplitSpec {
    /** The protocol of the paper: {@code 3:2:5}. */
    static SplitSpec defaults() {
        return new Ratio(3, 2, 5);
    }

    /** The split for a model that will serve: the most recent events of the log are for validation and test. */
    static SplitSpec recent() {
        return new Recent();
    }

    /** The rule as text that {@link #parse} reads. */
    String spec();

    /** The rule's name in reports, such as {@code ratio 3:2:5}. */
    String protocol();

    /**
     * Splits {@code data}.
     *
     * @throws UserFacingException if no case is left for training, or a temporal split leaves a part without cases
     */
    Split apply(Dataset data);

    /**
     * Reads {@code a:b:c} (or {@code ratio:a:b:c}), {@code leave-one-out}, or {@code temporal:x,y} with x and y two shares
     * of all events between 0 and 1, two ISO dates or times, or two of the data set's own time numbers.
     *
     * @throws UserFacingException if {@code spec} is none of these
     */
    static SplitSpec parse(String spec) {
        String text = spec.strip().toLowerCase(Locale.ROOT);
        if (text.equals("leave-one-out") || text.equals("loo")) {
            return new LeaveOneOut();
        }
        if (text.equals("recent")) {
            return recent();
        }
        if (text.startsWith("temporal:")) {
            return parseTemporal(spec, spec.strip().substring("temporal:".length()));
        }
        Matcher ratio =
                Pattern.compile("(?:ratio:)?([0-9.]+):([0-9.]+):([0-9.]+)").matcher(text);
        if (ratio.matches()) {
            return parseRatio(spec, ratio);
        }
        throw new UserFacingException("split \"" + spec
                + "\": expected train:validation:test such as 3:2:5, or leave-one-out, or recent, or temporal:0.8,0.9, or"
                + " temporal:2011-10-01,2011-11-01");
    }

    private static SplitSpec parseRatio(String spec, Matcher ratio) {
        BigDecimal[] parts = new BigDecimal[3];
        int scale = 0;
        for (int i = 0; i < 3; i++) {
            try {
                parts[i] = new BigDecimal(ratio.group(i + 1));
            } catch (NumberFormatException e) {
                throw new UserFacingException(
                        "split \"" + spec + "\": \"" + ratio.group(i + 1) + "\" is not a number", e);
            }
            scale = Math.max(scale, parts[i].scale());
        }
        long[] whole = new long[3];
        for (int i = 0; i < 3; i++) {
            BigDecimal scaled = parts[i].movePointRight(scale);
            if (scaled.precision() > 9) {
                throw new UserFacingException("split \"" + spec + "\": use smaller numbers, such as 3:2:5");
            }
            whole[i] = scaled.longValueExact();
        }
        if (whole[0] == 0) {
            throw new UserFacingException("split \"" + spec + "\": the first part, training, must not be 0");
        }
        return new Ratio(whole[0], whole[1], whole[2]);
    }

    private static SplitSpec parseTemporal(String spec, String bounds) {
        String[] parts = bounds.split(",", -1);
        if (parts.length != 2) {
            throw new UserFacingException(
                    "split \"" + spec
                            + "\": temporal needs two bounds, where validation and where test starts, such as temporal:0.8,0.9");
        }
        boolean shares =
                parts[0].strip().matches("0?[.][0-9]+") && parts[1].strip().matches("0?[.][0-9]+");
        if (shares) {
            double valid = Double.parseDouble(parts[0].strip());
            double test = Double.parseDouble(parts[1].strip());
            if (valid <= 0 || valid >= test) {
                throw new UserFacingException(
                        "split \"" + spec + "\": the shares must ascend between 0 and 1, as in temporal:0.8,0.9");
            }
            return new TemporalShares(valid, test);
        }
        TimeBound valid = TimeBound.parse("split \"" + spec + "\"", parts[0]);
        TimeBound test = TimeBound.parse("split \"" + spec + "\"", parts[1]);
        if (valid.isDate() == test.isDate() && valid.on(valid.isDate()) >= test.on(test.isDate())) {
            throw new UserFacingException("split \"" + spec + "\": the first time must be before the second");
        }
        return new TemporalTimes(valid, test);
    }

    /**
     * Splits each user's n − 1 cases in time order: validation and test get the floor of their exact share, training
     * the rest, and the first event, which is no case; then first test and then validation take one case from training
     * if their exact share lies strictly between 0 and 1 and training has more than one case. Only the proportion of
     * the three numbers matters.
     */
    record Ratio(long train, long validation, long test) implements SplitSpec {
        /**
         * Checks the parts.
         *
         * @throws IllegalArgumentException if the training part is not positive, or another is negative
         */
        public Ratio {
            if (train < 1 || validation < 0 || test < 0) {
                throw new IllegalArgumentException("ratio " + train + ":" + validation + ":" + test);
            }
        }

        @Override
        public String spec() {
            return train + ":" + validation + ":" + test;
        }

        @Override
        public String protocol() {
            return "ratio " + spec();
        }

        @Override
        public Split apply(Dataset data) {
            long whole = train + validation + test;
            return byCounts(this, data, cases -> {
                long testCases = test * cases / whole;
                long validCases = validation * cases / whole;
                if (cases - testCases - validCases > 1 && test > 0 && test * cases < whole) {
                    testCases++;
                }
                if (cases - testCases - validCases > 1 && validation > 0 && validation * cases < whole) {
                    validCases++;
                }
                return new Parts((int) validCases, (int) testCases);
            });
        }
    }

    /**
     * The last case of a user is for test and the one before it for validation. A user with two cases has none for
     * validation; a user with one case has only a training case.
     */
    record LeaveOneOut() implements SplitSpec {
        @Override
        public String spec() {
            return "leave-one-out";
        }

        @Override
        public String protocol() {
            return "leave-one-out";
        }

        @Override
        public Split apply(Dataset data) {
            return byCounts(this, data, cases -> new Parts(cases > 2 ? 1 : 0, cases > 1 ? 1 : 0));
        }
    }

    /**
     * Splits all users at two times, chosen so that a given share of all events lies before each. They depend on the
     * times of all events but not on the items.
     */
    record TemporalShares(double validation, double test) implements SplitSpec {
        @Override
        public String spec() {
            return "temporal:" + validation + "," + test;
        }

        @Override
        public String protocol() {
            return "temporal " + validation + "," + test;
        }

        @Override
        public Split apply(Dataset data) {
            return atTimes(this, data, timeAt(data, validation), timeAt(data, test));
        }

        /** The time such that {@code share} of all events, in time order, come before it. */
        private static long timeAt(Dataset data, double share) {
            long rank = (long) Math.floor(share * data.eventCount());
            long low = Long.MAX_VALUE;
            long high = Long.MIN_VALUE;
            for (long time : data.times()) {
                low = Math.min(low, time);
                high = Math.max(high, time);
            }
            // Bisection takes a few dozen passes over the times but, unlike sorting, needs no second copy of them.
            while (low < high) {
                long middle = low + (high - low) / 2;
                long upToMiddle = 0;
                for (long time : data.times()) {
                    upToMiddle += time <= middle ? 1 : 0;
                }
                if (upToMiddle > rank) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return low;
        }
    }

    /**
     * Splits all users at two times: validation starts at the first, test at the second, both inclusive. Users whose
     * first event is at or after the first time have no training events.
     */
    record TemporalTimes(TimeBound validation, TimeBound test) implements SplitSpec {
        @Override
        public String spec() {
            return "temporal:" + validation.text() + "," + test.text();
        }

        @Override
        public String protocol() {
            return "temporal " + validation + ", " + test;
        }

        @Override
        public Split apply(Dataset data) {
            long validTime = bound(data, validation);
            long testTime = bound(data, test);
            if (validTime >= testTime) {
                throw new UserFacingException("split \"" + spec() + "\": the first time must be before the second");
            }
            return atTimes(this, data, validTime, testTime);
        }

        private long bound(Dataset data, TimeBound bound) {
            try {
                return bound.on(data.hasTimes());
            } catch (UserFacingException e) {
                throw new UserFacingException(
                        data.source().file() + ": split \"" + spec() + "\": " + e.getMessage(), e);
            }
        }
    }

    /**
     * The last tenth of all events in time is for test and the tenth before it for validation, because these events are
     * most like those that a model meets in production. If no time divides a log like this, for example because its
     * rows list one user after the other without times, each user's own order is split instead.
     */
    record Recent() implements SplitSpec {
        private static final SplitSpec BY_USER = new Ratio(8, 1, 1);

        @Override
        public String spec() {
            return "recent";
        }

        @Override
        public String protocol() {
            return "recent";
        }

        @Override
        public Split apply(Dataset data) {
            long validation = TemporalShares.timeAt(data, 0.8);
            long test = TemporalShares.timeAt(data, 0.9);
            Split byTime = byTimes(this, data, validation, test);
            for (Split.Part part : Split.Part.values()) {
                if (byTime.cases(part) == 0) {
                    Split byUser = BY_USER.apply(data);
                    return new Split(protocol(), data, byUser.validStart(), byUser.testStart());
                }
            }
            return byTime;
        }
    }

    /** The numbers of a user's last cases that are for validation and, after them, for test. */
    record Parts(int validation, int test) {}

    /** A rule that depends only on the number of a user's cases. */
    @FunctionalInterface
    interface CountRule {
        /** The parts for a user with {@code cases} cases, at least one. */
        Parts parts(int cases);
    }

    private static Split byCounts(SplitSpec spec, Dataset data, CountRule rule) {
        int[] validStart = new int[data.userCount()];
        int[] testStart = new int[data.userCount()];
        for (int user = 0; user < data.userCount(); user++) {
            int[] cases = cases(data, user);
            Parts parts = cases.length == 0 ? new Parts(0, 0) : rule.parts(cases.length);
            int end = Math.max(1, data.length(user));
            testStart[user] = start(cases, parts.test(), end);
            validStart[user] = start(cases, parts.test() + parts.validation(), end);
        }
        return checked(new Split(spec.protocol(), data, validStart, testStart));
    }

    /** The positions of a user's cases. */
    private static int[] cases(Dataset data, int user) {
        return IntStream.range(1, Math.max(1, data.length(user)))
                .filter(position -> data.isTarget(user, position))
                .toArray();
    }

    /** The position at which the last {@code count} of {@code cases} start; {@code end} if {@code count} is 0. */
    private static int start(int[] cases, int count, int end) {
        return count == 0 ? end : cases[cases.length - count];
    }

    private static Split byTimes(SplitSpec spec, Dataset data, long validTime, long testTime) {
        int[] validStart = new int[data.userCount()];
        int[] testStart = new int[data.userCount()];
        for (int user = 0; user < data.userCount(); user++) {
            validStart[user] = firstFrom(data, user, 0, validTime);
            testStart[user] = firstFrom(data, user, validStart[user], testTime);
        }
        return new Split(spec.protocol(), data, validStart, testStart);
    }

    private static Split atTimes(SplitSpec spec, Dataset data, long validTime, long testTime) {
        Split split = checked(byTimes(spec, data, validTime, testTime));
        for (Split.Part part : Split.Part.values()) {
            if (split.cases(part) == 0) {
                throw new UserFacingException(data.source().file() + ": the split \"" + spec.protocol() + "\" leaves "
                        + part.name().toLowerCase(Locale.ROOT) + " without cases; choose other times between "
                        + span(data));
            }
        }
        return split;
    }

    private static String span(Dataset data) {
        long low = Long.MAX_VALUE;
        long high = Long.MIN_VALUE;
        for (long time : data.times()) {
            low = Math.min(low, time);
            high = Math.max(high, time);
        }
        return new EventTime(low, data.hasTimes()) + " and " + new EventTime(high, data.hasTimes());
    }

    private static int firstFrom(Dataset data, int user, int position, long time) {
        int at = position;
        while (at < data.length(user) && data.times()[data.start(user) + at] < time) {
            at++;
        }
        return at;
    }

    private static Split checked(Split split) {
        if (split.cases(Split.Part.TRAIN) == 0) {
            throw new UserFacingException(split.data().source().file() + ": the split \"" + split.protocol()
                    + "\" leaves no case for training; choose another split or keep more data");
        }
        return split;
    }
}
