package io.github.ttt4rec.serve.http;

/**
 * All that answers the requests for one catalogue.
 *
 * @param router finds the route
 * @param admission lets requests in by its limits and tokens
 * @param places bounds the requests that are worked on at once
 * @param metrics counts them
 * @param state how its parts are
 */
record Site(Router router, Admission admission, Places places, Metrics metrics, ServerState state) {}
