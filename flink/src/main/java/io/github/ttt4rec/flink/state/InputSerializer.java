package io.github.ttt4rec.flink.state;

import io.github.ttt4rec.recommend.ItemFilter;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Serializes events and requests, between machines and in state while they wait for a model. Version 3; version 2 had no
 * types, and version 1 had times in milliseconds.
 */
public final class InputSerializer extends VersionedSerializer<Input> {
    private static final long serialVersionUID = 1L;
    private static final int EVENT = 0;
    private static final int REQUEST = 1;

    /** Writes version 3. */
    public InputSerializer() {
        super(3);
    }

    @Override
    void write(Input value, DataOutputView out) throws IOException {
        switch (value) {
            case UserEvent event -> {
                out.writeByte(EVENT);
                Wire.putString(event.user(), out);
                Wire.putString(event.item(), out);
                out.writeLong(event.time());
                Wire.putString(event.eventId(), out);
                Wire.putString(event.type(), out);
                out.writeDouble(event.value());
            }
            case UserRequest request -> {
                out.writeByte(REQUEST);
                Wire.putString(request.user(), out);
                Wire.putString(request.requestId(), out);
                out.writeInt(request.k());
                List<String> only = request.filter().only();
                out.writeBoolean(only != null);
                if (only != null) {
                    Wire.putStrings(only, out);
                }
                Wire.putStrings(request.filter().exclude(), out);
                out.writeBoolean(request.filter().excludeSeen());
            }
        }
    }

    @Override
    Input read(int writtenIn, DataInputView in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case EVENT ->
                new UserEvent(
                        Wire.getString(in),
                        Wire.getString(in),
                        writtenIn == 1 ? UserEvent.microseconds(in.readLong()) : in.readLong(),
                        Wire.getOptionalString(in),
                        writtenIn < 3 ? "" : Wire.getString(in),
                        writtenIn < 3 ? Double.NaN : in.readDouble());
            case REQUEST ->
                new UserRequest(
                        Wire.getString(in),
                        Wire.getOptionalString(in),
                        in.readInt(),
                        new ItemFilter(
                                in.readBoolean() ? Wire.getStrings(in) : null, Wire.getStrings(in), in.readBoolean()));
            default -> throw new IOException("damaged: expected an event or a request, found " + kind);
        };
    }
}
