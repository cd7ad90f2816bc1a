package io.github.ttt4rec.cli.option;

import java.util.List;
import java.util.stream.IntStream;

/** A range of seeds to train with, both ends included. */
public record Seeds(int first, int last) {
    public List<Integer> all() {
        return IntStream.rangeClosed(first, last).boxed().toList();
    }
}
