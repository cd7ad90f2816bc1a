package io.github.ttt4rec.flink.ends;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.read.LogColumns;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The columns of a log of events, or the members of its JSON objects, as far as they are given; the others are guessed, as
 * {@code train} guesses them.
 *
 * @param user with user ids
 * @param item with item ids
 * @param time with times; there need be none
 * @param eventId with event ids; there need be none
 */
public record EventColumns(
        @Nullable String user,
        @Nullable String item,
        @Nullable String time,
        @Nullable String eventId) implements Serializable {
    /** All are guessed. */
    public static final EventColumns GUESSED = new EventColumns(null, null, null, null);

    private static final Logger LOGGER = LoggerFactory.getLogger(EventColumns.class);
    private static final String USUAL_EVENT_ID = "eventid";

    /**
     * The indices of the columns.
     *
     * @param eventId -1 where there is none, as {@code time}
     */
    record Found(int user, int item, int time, int eventId) {
        int last() {
            return Math.max(Math.max(user, item), Math.max(time, eventId));
        }
    }

    /** Finds them among the names of a header; throws {@link UserFacingException} if that cannot be. */
    Found find(Path file, List<String> names) {
        LogColumns columns = LogColumns.find(file, names, ReadOptions.defaults().withColumns(user, item, time));
        columns.notices().forEach(LOGGER::warn);
        return new Found(columns.user(), columns.item(), columns.time(), eventIds(file, names));
    }

    private int eventIds(Path file, List<String> names) {
        if (eventId != null) {
            int index = names.indexOf(eventId);
            if (index < 0) {
                throw new UserFacingException(file + ": no column is called \"" + eventId + "\"; the columns are "
                        + String.join(", ", names));
            }
            return index;
        }
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^a-z0-9]", "")
                    .equals(USUAL_EVENT_ID)) {
                return i;
            }
        }
        return -1;
    }
}
