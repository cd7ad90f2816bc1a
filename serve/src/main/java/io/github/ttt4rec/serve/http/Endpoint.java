package io.github.ttt4rec.serve.http;

/** Answers the requests of a route. */
@FunctionalInterface
interface Endpoint {
    /** Answers an admitted request; throws {@link Problem} or {@link InvalidField} if it is wrong. */
    Response answer(Call call);
}
