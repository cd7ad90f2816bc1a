package io.github.ttt4rec.autograd;

/**
 * A matrix on a {@link Tape}. Its arrays come from the tape's pool and may be longer than {@code rows·columns}; after
 * {@link Tape#reset()} they belong to the tape again.
 *
 * @param rows the number of rows
 * @param columns the number of columns
 * @param data the values, row-major
 * @param grad the gradient of the loss in the same layout; an empty array if the tape does not record
 */
public record Tensor(int rows, int columns, float[] data, float[] grad) {
    /** The number of elements. */
    public int size() {
        return rows * columns;
    }
}
