/**
 * Serves the engine over HTTP: routes, JSON, access, limits, metrics and the page.
 *
 * <p>A request passes {@link io.github.ttt4rec.serve.http.Dispatcher} from top to bottom: route, origin, token, rate,
 * parameters, body, a free place, and then its endpoint. {@link io.github.ttt4rec.serve.http.Routes} is the table of
 * all routes; {@code openapi.yaml} describes the requests and answers of each, and a test compares the two.
 */
@NullMarked
package io.github.ttt4rec.serve.http;

import org.jspecify.annotations.NullMarked;
