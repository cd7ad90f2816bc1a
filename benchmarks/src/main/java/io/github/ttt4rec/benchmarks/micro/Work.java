package io.github.ttt4rec.benchmarks.micro;

/**
 * The work that one call of a benchmark requires, independent of the implementation.
 *
 * @param flops floating-point operations of matrix products and, for the peak itself, bare multiply-adds: a multiply-add
 *     is two. Norms, activations and exponentials are not counted, nor what is computed twice; 0 if there is nothing
 *     but these
 * @param bytes that must be read and written once each
 * @param footprint bytes of all arrays the call touches: decides which level of the memory it can work from
 * @param units of the work done, for a rate
 * @param unit their name, such as {@code tokens}
 */
public record Work(double flops, double bytes, double footprint, double units, String unit) {
    /** Work that touches each of its bytes once. */
    static Work of(double flops, double bytes, double units, String unit) {
        return new Work(flops, bytes, bytes, units, unit);
    }
}
