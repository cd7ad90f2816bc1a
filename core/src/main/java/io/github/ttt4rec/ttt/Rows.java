package io.github.ttt4rec.ttt;

/** A quantity of an inner model's rows, {@code (rows, width)} somewhere in its memory. */
final class Rows {
    final int width;
    /** Where the first row begins. */
    int offset;

    Rows(int width) {
        this.width = width;
    }

    /** Where a row begins. */
    int at(int row) {
        return offset + row * width;
    }
}
