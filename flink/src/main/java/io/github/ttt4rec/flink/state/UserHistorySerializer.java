package io.github.ttt4rec.flink.state;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Histories in state. Version 2; version 1 had no times. */
public final class UserHistorySerializer extends VersionedSerializer<UserHistory> {
    private static final long serialVersionUID = 1L;
    private static final int CURRENT = 2;

    /** Writes the current version. */
    public UserHistorySerializer() {
        this(CURRENT);
    }

    private UserHistorySerializer(int version) {
        super(version);
    }

    @Override
    public int current() {
        return CURRENT;
    }

    @Override
    public UserHistorySerializer of(int otherVersion) {
        return new UserHistorySerializer(otherVersion);
    }

    @Override
    void write(UserHistory value, DataOutputView out) throws IOException {
        out.writeLong(value.first());
        Wire.putStrings(value.items(), out);
        Wire.putStrings(value.eventIds(), out);
        out.writeLong(value.latest());
        Wire.putStamp(value.stamp(), out);
        Wire.putFloats(value.hidden(), out);
    }

    @Override
    UserHistory read(int writtenIn, DataInputView in) throws IOException {
        return new UserHistory(
                in.readLong(),
                Wire.getStrings(in),
                Wire.getOptionalStrings(in),
                writtenIn == 1 ? UserEvent.NO_TIME : in.readLong(),
                Wire.getStamp(in),
                Wire.getFloats(in));
    }
}
