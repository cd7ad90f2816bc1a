package io.github.ttt4rec.autograd;

/**
 * A matrix on a {@link Tape}. Its arrays come from the tape's pool and may be longer than {@code rows·columns}; they are
 * the tape's again after {@link Tape#reset()}.
 *
 * @param rows number of rows
 * @param columns number of columns
 * @param data values, row-major
 * @param grad gradient of the loss, same layout; an empty array if the tape does not record
 */
public record Tensor(int rows, int columns, float[] data, float[] grad) {
    /** The number of elements. */
    public int size() {
        return rows * columns;
    }
}
