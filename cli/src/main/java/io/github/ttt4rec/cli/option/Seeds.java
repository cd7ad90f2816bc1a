package io.github.ttt4rec.cli.option;

import java.util.List;
import java.util.stream.IntStream;

/** Seeds to train with: those from the first to the last, both included. */
public record Seeds(int first, int last) {
    public List<Integer> all() {
        return IntStream.rangeClosed(first, last).boxed().toList();
    }
}
