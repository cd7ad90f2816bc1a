package io.github.ttt4rec.flink.state;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Serializes histories in state. Version 4. Version 3 had no types; version 2 had only the latest time, in milliseconds;
 * version 1 had no times.
 */
public final class UserHistorySerializer extends VersionedSerializer<UserHistory> {
    private static final long serialVersionUID = 1L;

    /** Writes version 4. */
    public UserHistorySerializer() {
        super(4);
    }

    @Override
    void write(UserHistory value, DataOutputView out) throws IOException {
        out.writeLong(value.first());
        Wire.putStrings(value.items(), out);
        Wire.putStrings(value.eventIds(), out);
        Wire.putLongs(value.times(), out);
        Wire.putTypes(value.types(), out);
        out.writeLong(value.latest());
        Wire.putStamp(value.stamp(), out);
        Wire.putFloats(value.hidden(), out);
    }

    @Override
    UserHistory read(int writtenIn, DataInputView in) throws IOException {
        long first = in.readLong();
        List<String> items = Wire.getStrings(in);
        List<@Nullable String> eventIds = Wire.getOptionalStrings(in);
        long[] times = writtenIn < 3 ? unknownTimes(items.size()) : Wire.getLongs(in);
        EventTypes types = writtenIn < 4 ? EventTypes.NONE : Wire.getTypes(in);
        long latest = switch (writtenIn) {
            case 1 -> UserEvent.NO_TIME;
            case 2 -> UserEvent.microseconds(in.readLong());
            default -> in.readLong();
        };
        return new UserHistory(first, items, eventIds, times, types, latest, Wire.getStamp(in), Wire.getFloats(in));
    }

    private static long[] unknownTimes(int count) {
        long[] times = new long[count];
        Arrays.fill(times, UserEvent.NO_TIME);
        return times;
    }
}
