package io.github.ttt4rec.benchmarks.load;

/**
 * An answer to a request.
 *
 * @param status the HTTP status
 * @param body the body as text
 */
record HttpReply(int status, String body) {}
