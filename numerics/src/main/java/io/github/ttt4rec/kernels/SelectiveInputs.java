package io.github.ttt4rec.kernels;

/**
 * The inputs of one step of a selective state space model, or their gradients (see {@link StateSpaceKernels}).
 *
 * @param dt the step sizes Δ; those of this step are the {@code channels} elements from {@code offset} on
 * @param u the inputs; those of this step are the {@code channels} elements from {@code offset} on
 * @param a the rates {@code (states, channels)}, the same for all steps
 * @param b the input gates; those of this step are the {@code states} elements from {@code stateOffset} on
 * @param cs the output gates; those of this step are the {@code states} elements from {@code stateOffset} on
 */
public record SelectiveInputs(float[] dt, float[] u, int offset, float[] a, float[] b, float[] cs, int stateOffset) {}
