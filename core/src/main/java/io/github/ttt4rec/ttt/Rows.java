package io.github.ttt4rec.ttt;

/** A quantity of an inner model's rows, {@code (rows, width)}: a view of a part of its memory. */
final class Rows {
    final int width;
    /** The index of the first row's first element. */
    int offset;

    Rows(int width) {
        this.width = width;
    }

    /** The index of a row's first element. */
    int at(int row) {
        return offset + row * width;
    }
}
