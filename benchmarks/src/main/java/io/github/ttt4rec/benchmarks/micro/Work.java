package io.github.ttt4rec.benchmarks.micro;

/**
 * The work that one call of a benchmark requires, independent of the implementation.
 *
 * @param flops floating-point operations of matrix products and, for the peak itself, of multiply-adds, which count as
 *     two. Norms, activations, exponentials and repeated computations do not count; 0 if there are no other operations
 * @param bytes the bytes that must be read or written, each counted once
 * @param footprint the bytes of all arrays that the call touches, which decide the memory level it can work from
 * @param units the number of units of work, for a rate
 * @param unit the units' name, such as {@code tokens}
 */
public record Work(double flops, double bytes, double footprint, double units, String unit) {
    /** Creates the work of a call that touches each of its bytes once. */
    static Work of(double flops, double bytes, double units, String unit) {
        return new Work(flops, bytes, bytes, units, unit);
    }
}
