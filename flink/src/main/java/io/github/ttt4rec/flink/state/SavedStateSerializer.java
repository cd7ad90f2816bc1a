package io.github.ttt4rec.flink.state;

import io.github.ttt4rec.live.SavedState;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Serializes fast weights in state. Version 1. */
public final class SavedStateSerializer extends VersionedSerializer<SavedState> {
    private static final long serialVersionUID = 1L;

    /** Writes version 1. */
    public SavedStateSerializer() {
        super(1);
    }

    @Override
    void write(SavedState value, DataOutputView out) throws IOException {
        Wire.putStamp(value.stamp(), out);
        out.writeLong(value.start());
        out.writeLong(value.next());
        Wire.putFloats(value.hidden(), out);
        Wire.putBytes(value.state(), out);
    }

    @Override
    SavedState read(int writtenIn, DataInputView in) throws IOException {
        return new SavedState(Wire.getStamp(in), in.readLong(), in.readLong(), Wire.getFloats(in), Wire.getBytes(in));
    }
}
