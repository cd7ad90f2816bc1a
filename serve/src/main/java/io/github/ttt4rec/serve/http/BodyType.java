package io.github.ttt4rec.serve.http;

/** The body that a route's requests must carry. */
enum BodyType {
    /** Nothing. */
    NONE,
    /** {@code application/json}. */
    JSON,
    /** {@code application/json} or, with one value per line, {@code application/x-ndjson}. */
    JSON_OR_LINES
}
