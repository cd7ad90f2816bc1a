package io.github.ttt4rec.kernels;

/**
 * The inputs of one step of a selective state space model, or their gradients (see {@link StateSpaceKernels}).
 *
 * @param dt step sizes; this step's are the {@code channels} elements from {@code offset} on
 * @param u inputs, likewise
 * @param a rates {@code (states, channels)}, the same for all steps
 * @param b input gates; this step's are the {@code states} elements from {@code stateOffset} on
 * @param cs output gates, likewise
 */
public record SelectiveInputs(float[] dt, float[] u, int offset, float[] a, float[] b, float[] cs, int stateOffset) {}
