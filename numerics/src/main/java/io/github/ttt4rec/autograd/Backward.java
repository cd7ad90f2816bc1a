package io.github.ttt4rec.autograd;

/**
 * The backward function of an operation with three operands, such as tensors and parameters. It captures nothing, so
 * that {@link Tape#onBackward(Tensor, Object, Object, Object, float, Backward)} can record it without allocating.
 *
 * @param <A> the type of the first operand
 * @param <B> the type of the second operand
 * @param <C> the type of the third operand
 */
@FunctionalInterface
public interface Backward<A, B, C> {
    /**
     * Adds to the gradients of the operands.
     *
     * @param tape the tape that recorded the operation and owns the gradients of parameters
     * @param y the result, whose gradient is complete
     * @param constant a number that belongs to the operation
     */
    void run(Tape tape, Tensor y, A a, B b, C c, float constant);

    /**
     * The same with two operands.
     *
     * @param <A> the type of the first operand
     * @param <B> the type of the second operand
     */
    @FunctionalInterface
    interface OfTwo<A, B> extends Backward<A, B, B> {
        /** Adds to the gradients of the operands; see {@link Backward#run}. */
        void run(Tape tape, Tensor y, A a, B b, float constant);

        @Override
        default void run(Tape tape, Tensor y, A a, B b, B unused, float constant) {
            run(tape, y, a, b, constant);
        }
    }
}
