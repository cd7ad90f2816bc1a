package io.github.ttt4rec.serve.http;

/** The callers that a route admits. */
enum Access {
    /** Everyone who reaches the server. */
    PUBLIC,
    /** Callers with a token, if the server has tokens. */
    CLIENT,
    /** Callers with an admin token, if the server has tokens. */
    ADMIN
}
