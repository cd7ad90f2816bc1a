package io.github.ttt4rec.flink.state;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Serializes rows between the source and the next operator. Version 1. */
public final class RowSerializer extends VersionedSerializer<Row> {
    private static final long serialVersionUID = 1L;
    private static final InputSerializer INPUTS = new InputSerializer();

    /** Writes version 1. */
    public RowSerializer() {
        super(1);
    }

    @Override
    void write(Row value, DataOutputView out) throws IOException {
        switch (value) {
            case BadRow bad -> {
                out.writeBoolean(false);
                Wire.putString(bad.message(), out);
            }
            case Input input -> {
                out.writeBoolean(true);
                INPUTS.serialize(input, out);
            }
        }
    }

    @Override
    Row read(int writtenIn, DataInputView in) throws IOException {
        return in.readBoolean() ? INPUTS.deserialize(in) : new BadRow(Wire.getString(in));
    }
}
