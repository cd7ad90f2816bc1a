package io.github.ttt4rec.serve.http;

/** What a route does. */
@FunctionalInterface
interface Endpoint {
    /** Answers a request that has been let in; throws {@link Problem} or {@link InvalidField} for one that is wrong. */
    Answer answer(Call call);
}
