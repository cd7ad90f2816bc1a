package io.github.ttt4rec.autograd;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bytes of a {@link StateOutput}. Throws {@link IllegalArgumentException} if there are too few or too many
 * bytes, because then another network wrote them.
 */
public final class StateInput {
    private final ByteBuffer bytes;

    public StateInput(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    public int getInt() {
        try {
            return bytes.getInt();
        } catch (BufferUnderflowException e) {
            throw foreign(e);
        }
    }

    /** Reads a number and checks that it is in 0 .. {@code most}. */
    public int getCount(int most) {
        int count = getInt();
        if (count < 0 || count > most) {
            throw new IllegalArgumentException(
                    "not a state of this network: " + count + " where at most " + most + " can be");
        }
        return count;
    }

    public long getLong() {
        try {
            return bytes.getLong();
        } catch (BufferUnderflowException e) {
            throw foreign(e);
        }
    }

    public double getDouble() {
        return Double.longBitsToDouble(getLong());
    }

    /** Fills part of an array. */
    public void getFloats(float[] into, int from, int count) {
        try {
            bytes.asFloatBuffer().get(into, from, count);
            bytes.position(bytes.position() + Float.BYTES * count);
        } catch (BufferUnderflowException e) {
            throw foreign(e);
        }
    }

    /** Reads an array of {@code count} numbers. */
    public int[] getInts(int count) {
        if (bytes.remaining() / Integer.BYTES < count) {
            throw foreign(null);
        }
        int[] values = new int[count];
        bytes.asIntBuffer().get(values);
        bytes.position(bytes.position() + Integer.BYTES * count);
        return values;
    }

    /** Checks that all bytes have been read. */
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
