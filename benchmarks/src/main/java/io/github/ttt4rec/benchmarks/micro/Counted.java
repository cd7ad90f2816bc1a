package io.github.ttt4rec.benchmarks.micro;

/** A benchmark class that knows how much work its methods are. */
public interface Counted {
    /**
     * The work of one call of a benchmark method. Needs the parameters, not the set-up.
     *
     * @throws IllegalArgumentException for a method without a count
     */
    Work work(String method);

    /** For methods that are missing in {@link #work}. */
    static IllegalArgumentException unknown(String method) {
        return new IllegalArgumentException("no count of the operations of " + method);
    }
}
