package io.github.ttt4rec.kernels;

/**
 * Users' vectors in small integers, for {@link CodeKernels#above}.
 *
 * @param count how many, 1 .. {@value CodeKernels#REQUESTS}
 * @param queries {@code (≥ count, 4·groups)}; the first request begins at {@code offset}
 * @param starts the value that each request's sums start from; the first request's is at {@code startOffset}
 */
public record CodedRequests(int count, short[] queries, int offset, short[] starts, int startOffset) {}
