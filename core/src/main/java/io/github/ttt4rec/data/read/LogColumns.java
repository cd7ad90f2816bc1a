package io.github.ttt4rec.data.read;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.ReadOptions;
import java.nio.file.Path;
import java.util.List;

/**
 * Which columns of a log hold what, found as the readers of whole logs find them: for callers that read rows themselves, as they
 * come.
 *
 * @param user index of the column with user ids
 * @param item index of the column with item ids
 * @param time index of the column with times; -1 if there is none
 * @param notices one line for each role that another column would fit as well
 */
public record LogColumns(int user, int item, int time, List<String> notices) {
    /**
     * Finds the columns, that of times only if there is one.
     *
     * @param names the names in the header
     * @throws UserFacingException if users or items are not found, or a column wanted is not there
     */
    public static LogColumns find(Path file, List<String> names, ReadOptions options) {
        boolean timed = options.timeColumn() != null || Columns.haveTimes(names);
        Columns columns = Columns.find(file, names, options.withFileOrder(!timed));
        return new LogColumns(
                columns.user(),
                columns.items().getFirst(),
                columns.times().isEmpty() ? -1 : columns.times().getFirst(),
                columns.notices());
    }
}
