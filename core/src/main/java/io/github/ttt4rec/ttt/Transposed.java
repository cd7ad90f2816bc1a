package io.github.ttt4rec.ttt;

/**
 * The transpose of a matrix in a block of fast weights. The transpose of a head's W_0 is computed once and cached;
 * others are computed for each call.
 */
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

    /**
     * Transposes the matrix at {@code offset} and caches the result. The matrix must not change while the cache is in
     * use.
     */
    void set(float[] block, int offset) {
        source = block;
        this.offset = offset;
        InnerModel.transpose(rows, columns, block, offset, values);
    }

    /** Returns whether {@link #set} was last called with this matrix. */
    @SuppressWarnings("ReferenceEquality") // compares identity, which is cheaper than comparing values
    boolean isOf(float[] block, int offset) {
        return source == block && this.offset == offset;
    }

    /**
     * The transpose {@code (columns, rows)} of a matrix: the cached one if it is of this matrix, otherwise computed
     * now.
     */
    float[] of(float[] block, int offset) {
        if (!isOf(block, offset)) {
            InnerModel.transpose(rows, columns, block, offset, values);
        }
        return values;
    }
}
