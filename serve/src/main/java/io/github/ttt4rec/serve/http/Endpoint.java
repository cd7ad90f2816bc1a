package io.github.ttt4rec.serve.http;

/** Answers the requests of a route. */
@FunctionalInterface
interface Endpoint {
    /** Answers a request that has been let in; throws {@link Problem} or {@link InvalidField} for one that is wrong. */
    Response answer(Call call);
}
