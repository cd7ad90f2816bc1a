package io.github.ttt4rec.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A row or an event with string ids, in the plain form that tests compare. */
public record Event(String user, String item, long time) {

    /** The events of {@code data}, user by user. */
    public static List<Event> of(Dataset data) {
        List<Event> events = new ArrayList<>();
        for (int user = 0; user < data.userCount(); user++) {
            for (int position = 0; position < data.length(user); position++) {
                events.add(new Event(
                        data.users().name(user + 1),
                        data.items().name(data.item(user, position)),
                        data.times()[data.start(user) + position]));
            }
        }
        return events;
    }

    /** Random rows in random order, with many equal times, repeats and some exact duplicates. */
    public static List<Event> random(long seed, int rows, int users, int items, int times) {
        Random random = new Random(seed);
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            events.add(new Event(
                    "u" + (int) (users * Math.pow(random.nextDouble(), 2)),
                    "i" + (int) (items * Math.pow(random.nextDouble(), 2)),
                    random.nextInt(times)));
        }
        return events;
    }

    /** The events as comma-separated text with a header. */
    public static String csv(List<Event> events) {
        StringBuilder text = new StringBuilder("user,item,time\n");
        events.forEach(event -> text.append(event.user())
                .append(',')
                .append(event.item())
                .append(',')
                .append(event.time())
                .append('\n'));
        return text.toString();
    }
}
