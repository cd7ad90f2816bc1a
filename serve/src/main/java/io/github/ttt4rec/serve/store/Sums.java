package io.github.ttt4rec.serve.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.zip.CRC32;
import org.sqlite.Function;

/**
 * Checksums of records, each stored in its record: SQLite detects damage to a page's structure, but not a changed byte
 * within an id or a number. Every change of a single number, and of up to 4 adjacent bytes of an id, changes the
 * checksum.
 */
final class Sums {
    private static final long PRIME = 2_147_483_647;
    private static final long FACTOR = 1_000_003;

    /**
     * The checksum of an event as an SQL expression of its columns, so that SQLite can verify millions of events at a
     * start.
     */
    static final String OF_EVENT = "((((event.user % 2147483647 * 1000003 + event.position) % 2147483647 * 1000003"
            + " + event.item) % 2147483647 * 1000003 + event.time) % 2147483647)";

    /** SQLite's number for the type of NULL. */
    private static final int SQLITE_NULL = 5;

    /** A checksum that no event has: those of events are between -2147483646 and 2147483646. */
    static final long NEVER = -PRIME;

    private Sums() {}

    /** Returns the checksum of an event, equal to {@link #OF_EVENT}. */
    static long ofEvent(long user, long position, long item, long time) {
        return ((((user % PRIME * FACTOR + position) % PRIME * FACTOR) + item) % PRIME * FACTOR + time) % PRIME;
    }

    /** Returns the checksum of a user or an item. */
    static long ofName(long id, String name) {
        return (crc(name) * FACTOR + id) % PRIME;
    }

    /** Returns the checksum of an event's id. */
    static long ofEventId(long user, String id, long position) {
        return ((crc(id) * FACTOR + user) % PRIME * FACTOR + position) % PRIME;
    }

    /** Returns the checksum of a named text, such as the attributes of an item. */
    static long ofText(String name, String text) {
        return (crc(name) * FACTOR + crc(text)) % PRIME;
    }

    /** Returns the checksum of an impression. */
    static long ofImpression(String user, String item, String scenario, long place, long shown, long time) {
        long names = ((crc(user) * FACTOR + crc(item)) % PRIME * FACTOR + crc(scenario)) % PRIME;
        return ((names * FACTOR + place) % PRIME * FACTOR + shown + time % PRIME) % PRIME;
    }

    /** The sum of the type of an event. */
    static long ofType(long user, long position, String name, double value) {
        long event = (crc(name) * FACTOR + user % PRIME) % PRIME * FACTOR + position;
        return (event % PRIME * FACTOR + Double.doubleToLongBits(value) % PRIME) % PRIME;
    }

    /** Returns the checksum of the context of an event. */
    static long ofContext(long user, long position, String text) {
        return ofEventId(user, text, position);
    }

    /** Returns the checksum of a user's figures in an experiment. */
    static long ofGain(long user, long events, double gain) {
        return ((user % PRIME * FACTOR + events) % PRIME * FACTOR + Double.doubleToLongBits(gain) % PRIME) % PRIME;
    }

    /** Returns the checksum of a ranked event, of whole numbers in the order of its columns. */
    static long ofRanks(long... columns) {
        long sum = 0;
        for (long column : columns) {
            sum = (sum * FACTOR + column % PRIME) % PRIME;
        }
        return sum;
    }

    private static long crc(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }

    /**
     * Registers the checksums of ids as SQL functions {@code name_sum(id, name)}, {@code event_id_sum(user, id,
     * position)} and so on.
     */
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
        Function.create(connection, "gain_sum", new Function() {
            @Override
            protected void xFunc() throws SQLException {
                result(ofGain(value_long(0), value_long(1), value_double(2)));
            }
        });
        Function.create(connection, "ranks_sum", new Function() {
            @Override
            protected void xFunc() throws SQLException {
                long[] columns = new long[args()];
                for (int i = 0; i < columns.length; i++) {
                    columns[i] = value_long(i);
                }
                result(ofRanks(columns));
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
