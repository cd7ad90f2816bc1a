package io.github.ttt4rec.serve.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.zip.CRC32;
import org.sqlite.Function;

/**
 * Check sums of records, each kept beside its record: SQLite notices damage of a page's structure, but not a changed byte
 * within an id or a number. Every change of a single number, and of up to 4 neighbouring bytes of an id, changes the sum.
 */
final class Sums {
    private static final long PRIME = 2_147_483_647;
    private static final long FACTOR = 1_000_003;

    /** The sum of an event as SQL, from its columns, in SQLite's own arithmetic: to verify millions of them at a start. */
    static final String OF_EVENT = "((((event.user % 2147483647 * 1000003 + event.position) % 2147483647 * 1000003"
            + " + event.item) % 2147483647 * 1000003 + event.time) % 2147483647)";

    /** SQLite's number for the type of NULL. */
    private static final int SQLITE_NULL = 5;

    /** A sum that no event has: the sums of events lie between -2147483646 and 2147483646. */
    static final long NEVER = -PRIME;

    private Sums() {}

    /** The sum of an event; the same as {@link #OF_EVENT}. */
    static long ofEvent(long user, long position, long item, long time) {
        return ((((user % PRIME * FACTOR + position) % PRIME * FACTOR) + item) % PRIME * FACTOR + time) % PRIME;
    }

    /** The sum of a user or an item. */
    static long ofName(long id, String name) {
        return (crc(name) * FACTOR + id) % PRIME;
    }

    /** The sum of an event's id. */
    static long ofEventId(long user, String id, long position) {
        return ((crc(id) * FACTOR + user) % PRIME * FACTOR + position) % PRIME;
    }

    /** The sum of a text by its name, such as the attributes of an item. */
    static long ofText(String name, String text) {
        return (crc(name) * FACTOR + crc(text)) % PRIME;
    }

    /** The sum of an item that a user was shown. */
    static long ofImpression(String user, String item, String scenario, long place, long shown, long time) {
        long names = ((crc(user) * FACTOR + crc(item)) % PRIME * FACTOR + crc(scenario)) % PRIME;
        return ((names * FACTOR + place) % PRIME * FACTOR + shown + time % PRIME) % PRIME;
    }

    /** The sum of the type of an event. */
    static long ofType(long user, long position, String name, double value) {
        long event = (crc(name) * FACTOR + user % PRIME) % PRIME * FACTOR + position;
        return (event % PRIME * FACTOR + Double.doubleToLongBits(value) % PRIME) % PRIME;
    }

    private static long crc(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }

    /** Makes the sums of ids known to SQL, as {@code name_sum(id, name)}, {@code event_id_sum(user, id, position)} and so on. */
    static void register(Connection connection) throws SQLException {
        Function.create(connection, "name_sum", new Function() {
            @Override
            protected void xFunc() throws SQLException {
                result(ofName(value_long(0), value_text(1)));
            }
        });
        Function.create(connection, "event_id_sum", new Function() {
            @Override
            protected void xFunc() throws SQLException {
                result(ofEventId(value_long(0), value_text(1), value_long(2)));
            }
        });
        Function.create(connection, "text_sum", new Function() {
            @Override
            protected void xFunc() throws SQLException {
                result(ofText(value_text(0), value_text(1)));
            }
        });
        Function.create(connection, "type_sum", new Function() {
            @Override
            protected void xFunc() throws SQLException {
                double value = value_type(3) == SQLITE_NULL ? Double.NaN : value_double(3);
                result(ofType(value_long(0), value_long(1), value_text(2), value));
            }
        });
        Function.create(connection, "impression_sum", new Function() {
            @Override
            protected void xFunc() throws SQLException {
                result(ofImpression(
                        value_text(0), value_text(1), value_text(2), value_long(3), value_long(4), value_long(5)));
            }
        });
    }
}
