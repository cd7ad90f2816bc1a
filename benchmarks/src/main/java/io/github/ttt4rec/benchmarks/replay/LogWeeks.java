package io.github.ttt4rec.benchmarks.replay;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.read.Datasets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The events of a log from a given time on, in order of time, by week and day. */
final class LogWeeks {
    private static final long DAY = Duration.ofDays(1).toMillis() * 1000;
    private static final int DAYS = 7;

    /**
     * An event of the log.
     *
     * @param micros its time in epoch microseconds
     */
    record Event(long micros, String user, String item) {}

    /**
     * A week.
     *
     * @param days the events of each of its seven days
     */
    record WeekOfEvents(List<List<Event>> days) {
        int events() {
            return days.stream().mapToInt(List::size).sum();
        }
    }

    private LogWeeks() {}

    /**
     * Reads a log. Leaves out an incomplete last week.
     *
     * @param count the maximum number of weeks; 0 for all
     * @throws UserFacingException if the log has no complete week from {@code start} on
     */
    static List<WeekOfEvents> read(Path data, Instant start, int count) {
        Dataset log = Datasets.read(data, ReadOptions.defaults(), PrepareOptions.keepAll());
        if (!log.hasTimes()) {
            throw new UserFacingException(data + ": has an order but no times, and a replay needs times");
        }
        long from = EventTime.micros(start);
        List<Event> events = new ArrayList<>();
        for (int user = 0; user < log.userCount(); user++) {
            for (int position = 0; position < log.length(user); position++) {
                long time = log.times()[log.start(user) + position];
                if (time >= from) {
                    events.add(new Event(
                            time, log.users().name(user + 1), log.items().name(log.item(user, position))));
                }
            }
        }
        // The sort is stable, so a user's events with equal times keep their order.
        events.sort(Comparator.comparingLong(Event::micros));
        List<List<Event>> days = new ArrayList<>();
        for (Event event : events) {
            int day = (int) ((event.micros() - from) / DAY);
            while (days.size() <= day) {
                days.add(new ArrayList<>());
            }
            days.get(day).add(event);
        }
        List<WeekOfEvents> weeks = new ArrayList<>();
        for (int day = 0; day + DAYS <= days.size() && (count == 0 || weeks.size() < count); day += DAYS) {
            weeks.add(new WeekOfEvents(List.copyOf(days.subList(day, day + DAYS))));
        }
        if (weeks.isEmpty()) {
            throw new UserFacingException(data + ": has no complete week of events from " + start + " on");
        }
        return weeks;
    }
}
