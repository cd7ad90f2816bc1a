package io.github.ttt4rec.autograd;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Serialises a streaming state, little-endian; {@link StateInput} reads the values in the same order. */
public final class StateOutput {
    private ByteBuffer bytes;

    /** An output with an initial capacity of {@code expected} bytes, which grows as needed. */
    public StateOutput(int expected) {
        bytes = ByteBuffer.allocate(expected).order(ByteOrder.LITTLE_ENDIAN);
    }

    public void putInt(int value) {
        room(Integer.BYTES).putInt(value);
    }

    public void putLong(long value) {
        room(Long.BYTES).putLong(value);
    }

    public void putDouble(double value) {
        room(Double.BYTES).putDouble(value);
    }

    /** Writes part of an array, without its length. */
    public void putFloats(float[] values, int from, int count) {
        ByteBuffer into = room(Math.multiplyExact(Float.BYTES, count));
        into.asFloatBuffer().put(values, from, count);
        into.position(into.position() + Float.BYTES * count);
    }

    /** Writes an array, without its length. */
    public void putInts(int[] values) {
        ByteBuffer into = room(Math.multiplyExact(Integer.BYTES, values.length));
        into.asIntBuffer().put(values);
        into.position(into.position() + Integer.BYTES * values.length);
    }

    /** The bytes written so far. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private ByteBuffer room(int more) {
        if (bytes.remaining() < more) {
            int needed = Math.addExact(bytes.position(), more);
            int larger = Math.max(needed, (int) Math.min(Integer.MAX_VALUE - 8, 2L * bytes.capacity()));
            bytes = ByteBuffer.allocate(larger).order(ByteOrder.LITTLE_ENDIAN).put(bytes.flip());
        }
        return bytes;
    }
}
