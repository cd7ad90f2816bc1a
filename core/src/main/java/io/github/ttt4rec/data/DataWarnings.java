package io.github.ttt4rec.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Finds problems of a data set that would hurt a model or its evaluation, before hours of training. */
public final class DataWarnings {
    private static final int FEW_USERS = 1000;
    private static final int FEW_ITEMS = 100;
    private static final int FEW_CASES = 1000;
    private static final double MANY = 0.05;

    /** A user with this many times the mean number of events is unlikely to be one person. */
    private static final double IMPLAUSIBLE_TIMES_MEAN = 10;

    /** 1990-01-01; no click logs are older. */
    private static final long EARLIEST_PLAUSIBLE = 631_152_000_000_000L;

    private DataWarnings() {}

    /**
     * One line per problem; empty if there is none.
     *
     * @param loaded the data
     * @param split the split that will be used
     * @param statistics the statistics of the data
     * @param maxLength the number of last events of a user that the model sees
     * @param now the current time in epoch microseconds, to find times that lie in the future
     */
    public static List<String> find(
            LoadedData loaded, Split split, DatasetStatistics statistics, int maxLength, long now) {
        List<String> warnings = new ArrayList<>();
        reading(loaded, warnings);
        size(loaded.dataset(), split, statistics, warnings);
        times(loaded.report(), split, statistics, now, warnings);
        repeats(statistics, warnings);
        shape(loaded.dataset(), statistics, maxLength, warnings);
        return List.copyOf(warnings);
    }

    private static void reading(LoadedData loaded, List<String> warnings) {
        ReadReport report = loaded.report();
        if (report.badRows() > 0) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "%,d of %,d rows are bad and were left out, such as: %s",
                    report.badRows(),
                    report.rows(),
                    report.firstBadRows().getFirst()));
        }
        warnings.addAll(report.notices());
        DataSource source = loaded.dataset().source();
        long read = source.steps().getFirst().interactions();
        long kept = source.steps().getLast().interactions();
        if (2 * kept < read) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "the filters dropped %s of the events: results say nothing about the dropped users and items",
                    percent((double) (read - kept) / read)));
        }
    }

    private static void size(Dataset data, Split split, DatasetStatistics statistics, List<String> warnings) {
        if (statistics.users() < FEW_USERS) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "only %,d users: a model has little to learn from, and results will be noisy",
                    statistics.users()));
        }
        if (statistics.items() < FEW_ITEMS) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "only %,d items: hit rates at 10 are easy to reach and say little",
                    statistics.items()));
        }
        for (Split.Part part : List.of(Split.Part.VALIDATION, Split.Part.TEST)) {
            long cases = split.cases(part);
            if (cases < FEW_CASES) {
                warnings.add(String.format(
                        Locale.ROOT,
                        "only %,d %s cases: differences of a few percent will be chance",
                        cases,
                        part.name().toLowerCase(Locale.ROOT)));
            }
        }
        if (split.protocol().equals("leave-one-out")
                && (split.cases(Split.Part.VALIDATION) == 0 || split.cases(Split.Part.TEST) == 0)) {
            warnings.add(
                    "leave-one-out needs three events of a user for a test case and four for a validation case, and no"
                            + " user has " + (split.cases(Split.Part.TEST) == 0 ? "three" : "four")
                            + "; use 1:0:1 as the split, or keep more data");
        }
        long single = 0;
        for (int user = 0; user < data.userCount(); user++) {
            single += data.length(user) < 2 ? 1 : 0;
        }
        if (single > 0) {
            warnings.add(String.format(
                    Locale.ROOT, "%,d users have a single event, which is neither trained nor tested on", single));
        }
    }

    private static void times(
            ReadReport report, Split split, DatasetStatistics statistics, long now, List<String> warnings) {
        long pairs = (long) statistics.events() - statistics.users();
        if (statistics.tiedEvents() > MANY * pairs) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "%s of the events have the same time as the user's event before: their order is the file's and may mean"
                            + " nothing (%,d users have only one time)",
                    percent((double) statistics.tiedEvents() / pairs),
                    statistics.usersWithOneTime()));
        }
        if (report.ordinalTimes()) {
            boolean temporal = split.protocol().startsWith("temporal");
            warnings.add("the times look like order numbers, not like dates"
                    + (temporal ? ": a temporal split means nothing unless all users share one order" : ""));
            return;
        }
        if (statistics.lastTime() > now) {
            warnings.add("the last time, " + new EventTime(statistics.lastTime(), true)
                    + ", lies in the future; check the time column and its unit (--time-unit)");
        }
        if (statistics.firstTime() < EARLIEST_PLAUSIBLE) {
            warnings.add("the first time, " + new EventTime(statistics.firstTime(), true)
                    + ", is very early; check the time column and its unit (--time-unit)");
        }
    }

    private static void repeats(DatasetStatistics statistics, List<String> warnings) {
        if (statistics.exactDuplicates() > 0) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "%,d events have the same user, item and time as an earlier one; --deduplicate exact drops them",
                    statistics.exactDuplicates()));
        }
        long consecutive = statistics.consecutiveRepeats() - statistics.exactDuplicates();
        if (consecutive > MANY * statistics.events()) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "%s of the events repeat the item just before, which is easy to predict and inflates results;"
                            + " --deduplicate consecutive drops them",
                    percent((double) statistics.consecutiveRepeats() / statistics.events())));
        }
    }

    private static void shape(Dataset data, DatasetStatistics statistics, int maxLength, List<String> warnings) {
        int longUsers = 0;
        long unseen = 0;
        for (int user = 0; user < data.userCount(); user++) {
            int over = data.length(user) - maxLength;
            longUsers += over > 0 ? 1 : 0;
            unseen += Math.max(0, over);
        }
        if (longUsers > MANY * statistics.users() || unseen > MANY * statistics.events()) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "%,d users have more than %,d events, the most a model sees at once: consider a larger max_len (the"
                            + " longest has %,d)",
                    longUsers,
                    maxLength,
                    statistics.lengths().max()));
        }
        DatasetStatistics.Largest user = statistics.largestUsers().getFirst();
        double userShare = (double) user.events() / statistics.events();
        if (userShare > MANY && userShare * statistics.users() > IMPLAUSIBLE_TIMES_MEAN) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "the user \"%s\" alone has %s of the events: this may be an id that stands for many users",
                    user.id(),
                    percent(userShare)));
        }
        double top = (double) statistics.popularity().topItemEvents() / statistics.events();
        if (top > 0.1) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "the item \"%s\" alone has %s of the events: recommending it to everybody will look good",
                    statistics.popularity().topItem(),
                    percent(top)));
        }
        if (statistics.popularity().medianEvents() < 5) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "half of the items have %,d events or fewer, too few to learn them; consider --min-item-events 5",
                    statistics.popularity().medianEvents()));
        }
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
