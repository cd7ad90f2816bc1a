package io.github.ttt4rec.ttt;

/** The transpose of a matrix inside a block of fast weights: made once for W_0 of a head, or each time for others. */
final class Transposed {
    private final int rows;
    private final int columns;
    private final float[] values;
    private float[] source = {};
    private int offset = -1;

    /** Creates a cache for matrices of shape {@code (rows, columns)}. */
    Transposed(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        values = new float[rows * columns];
    }

    /** Transposes the matrix at {@code offset} and remembers which it was; it must not change while it is used. */
    void set(float[] block, int offset) {
        source = block;
        this.offset = offset;
        InnerModel.transpose(rows, columns, block, offset, values);
    }

    /** Returns whether {@link #set} was last called with this matrix. */
    @SuppressWarnings("ReferenceEquality") // the same memory, not the same values: comparing those would cost more
    boolean isOf(float[] block, int offset) {
        return source == block && this.offset == offset;
    }

    /** The transpose {@code (columns, rows)} of a matrix: as it was set, else made now. */
    float[] of(float[] block, int offset) {
        if (!isOf(block, offset)) {
            InnerModel.transpose(rows, columns, block, offset, values);
        }
        return values;
    }
}
