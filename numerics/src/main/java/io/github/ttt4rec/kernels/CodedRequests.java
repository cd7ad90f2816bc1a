package io.github.ttt4rec.kernels;

/**
 * Quantised query vectors, for {@link CodeKernels#above}.
 *
 * @param count the number of requests, 1 .. {@value CodeKernels#REQUESTS}
 * @param queries {@code (≥ count, 4·groups)}; the first request starts at {@code offset}
 * @param starts the start of each request's sums; that of the first request is at {@code startOffset}
 */
public record CodedRequests(int count, short[] queries, int offset, short[] starts, int startOffset) {}
