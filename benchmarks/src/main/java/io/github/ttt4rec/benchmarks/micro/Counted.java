package io.github.ttt4rec.benchmarks.micro;

/** A benchmark class that computes the work of its methods. */
public interface Counted {
    /**
     * Returns the work of one call of a benchmark method. Needs the parameters, but not the set-up.
     *
     * @throws IllegalArgumentException for a method without a count
     */
    Work work(String method);

    /** Creates the exception for a method that {@link #work} does not know. */
    static IllegalArgumentException unknown(String method) {
        return new IllegalArgumentException("no count of the operations of " + method);
    }
}
