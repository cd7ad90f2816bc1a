/**
 * The engine over HTTP: routes, JSON, who may do what, limits, metrics, the page.
 *
 * <p>A request passes {@link io.github.ttt4rec.serve.http.Dispatcher} from top to bottom: route, origin, token, rate,
 * parameters, body, a free place, and then its endpoint. {@link io.github.ttt4rec.serve.http.Routes} is the table of all of
 * them; {@code openapi.yaml} says what each takes and answers, and a test holds the one against the other.
 */
@NullMarked
package io.github.ttt4rec.serve.http;

import org.jspecify.annotations.NullMarked;
