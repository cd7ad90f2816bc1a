package io.github.ttt4rec.autograd;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link StateOutput} wrote. Bytes that end too early, or too late, are another network's: {@link
 * IllegalArgumentException}.
 */
public final class StateInput {
    private final ByteBuffer bytes;

    /** Reads all of {@code bytes}. */
    public StateInput(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** One number. */
    public int getInt() {
        try {
            return bytes.getInt();
        } catch (BufferUnderflowException e) {
            throw foreign(e);
        }
    }

    /** A number from 0 to {@code most}. */
    public int getCount(int most) {
        int count = getInt();
        if (count < 0 || count > most) {
            throw new IllegalArgumentException(
                    "not a state of this network: " + count + " where at most " + most + " can be");
        }
        return count;
    }

    /** One number. */
    public long getLong() {
        try {
            return bytes.getLong();
        } catch (BufferUnderflowException e) {
            throw foreign(e);
        }
    }

    /** One number. */
    public double getDouble() {
        return Double.longBitsToDouble(getLong());
    }

    /** Fills a part of an array. */
    public void getFloats(float[] into, int from, int count) {
        try {
            bytes.asFloatBuffer().get(into, from, count);
            bytes.position(bytes.position() + Float.BYTES * count);
        } catch (BufferUnderflowException e) {
            throw foreign(e);
        }
    }

    /** An array of {@code count} numbers. */
    public int[] getInts(int count) {
        if (bytes.remaining() / Integer.BYTES < count) {
            throw foreign(null);
        }
        int[] values = new int[count];
        bytes.asIntBuffer().get(values);
        bytes.position(bytes.position() + Integer.BYTES * count);
        return values;
    }

    /** Checks that nothing is left. */
    public void end() {
        if (bytes.hasRemaining()) {
            throw new IllegalArgumentException("not a state of this network: " + bytes.remaining() + " of "
                    + bytes.capacity() + " bytes too many");
        }
    }

    private IllegalArgumentException foreign(@Nullable Exception cause) {
        return new IllegalArgumentException(
                "not a state of this network: " + bytes.capacity() + " bytes are not enough", cause);
    }
}
