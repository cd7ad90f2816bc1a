package io.github.ttt4rec.serve.http;

/** Who may call a route. */
enum Access {
    /** Anyone who reaches the server. */
    PUBLIC,
    /** Who has a token, where the server has tokens. */
    CLIENT,
    /** Who has an admin token, where the server has tokens. */
    ADMIN
}
