package io.github.ttt4rec.kernels;

/**
 * A view of a matrix inside an array: element (i, j) is {@code array[offset + i·row + j·column]}. Nothing is copied.
 * Kernels unpack their views before the loops, so that in compiled code a view created for a call allocates nothing.
 *
 * @param row the distance from one row to the next, in elements
 * @param column the distance from one column to the next; 1 if columns are adjacent
 */
public record Matrix(float[] array, int offset, int row, int column) {
    /** A view of a matrix with adjacent columns. */
    public static Matrix of(float[] array, int offset, int row) {
        return new Matrix(array, offset, row, 1);
    }

    /** The transpose, as a view of the same elements. */
    public Matrix transposed() {
        return new Matrix(array, offset, column, row);
    }

    /** The index of element (i, 0). */
    public int at(int i) {
        return offset + i * row;
    }

    /** Element (i, j). */
    public float get(int i, int j) {
        return array[offset + i * row + j * column];
    }

    /** Sets element (i, j). */
    public void set(int i, int j, float value) {
        array[offset + i * row + j * column] = value;
    }

    /** Adds to element (i, j). */
    public void add(int i, int j, float value) {
        array[offset + i * row + j * column] += value;
    }
}
