package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.serve.store.StoreException;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpPrologue;
import io.helidon.http.RequestException;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import io.helidon.http.media.ReadableEntity;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Takes every request through all that it must pass, calls its endpoint and sends the answer. It stands where Helidon has
 * filters, and none goes on to Helidon's own routing: what is not in {@link Routes} does not exist.
 */
final class Dispatcher implements Filter {
    private static final System.Logger LOG = System.getLogger(Dispatcher.class.getName());

    /** The rest of a refused request's body is read up to this length, so that its connection can go on. */
    private static final long DRAINED = 1 << 16;

    /** In every answer that does not have them of its own. */
    private static final List<Header> USUAL = List.of(
            HeaderValues.createCached("X-Content-Type-Options", "nosniff"),
            HeaderValues.createCached("Cross-Origin-Resource-Policy", "same-origin"),
            HeaderValues.createCached("Cache-Control", "no-store"),
            HeaderValues.createCached("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"));

    private static final byte[] NOTHING = {};

    private final List<Route> routes;
    private final Limits limits;
    private final Tokens tokens;
    private final OriginCheck origins;
    private final RateLimit rate;
    private final Connections connections;
    private final Metrics metrics;
    private final Semaphore places;
    private final ServerState state;

    Dispatcher(
            List<Route> routes,
            ServerConfig config,
            OriginCheck origins,
            Connections connections,
            Metrics metrics,
            ServerState state) {
        this.routes = routes;
        this.limits = config.limits();
        this.tokens = config.tokens();
        this.origins = origins;
        this.rate = new RateLimit(limits.rate(), tokens.count());
        this.connections = connections;
        this.metrics = metrics;
        this.places = new Semaphore(limits.requests());
        this.state = state;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        long start = System.nanoTime();
        Connections.Connection connection = connections.of(request.remotePeer().address());
        state.begin();
        try {
            Found found = new Found();
            Answer answer = answer(request, connection, found);
            connection.client();
            boolean close = send(request, response, answer);
            connection.idle();
            metrics.request(found.method, found.path, answer.status(), System.nanoTime() - start);
            if (close) {
                // Helidon would go on, to wait for the client to close or to read what is left of this request as the
                // next.
                throw new CloseConnectionException("the connection ends with this answer");
            }
        } finally {
            state.end();
        }
    }

    /** Which route a request was for, for the metrics: not what it says itself, for there may be any number of that. */
    private static final class Found {
        private String method = "none";
        private String path = "none";
    }

    private Answer answer(ServerRequest request, Connections.Connection connection, Found found) {
        try {
            Call call = admit(request, found);
            connection.server();
            return run(call);
        } catch (Problem e) {
            return e.answer();
        } catch (InvalidField e) {
            return Problem.badRequest(e.getMessage()).answer();
        } catch (UserFacingException e) {
            return Problem.badRequest(String.valueOf(e.getMessage())).answer();
        } catch (CloseConnectionException e) {
            throw e;
        } catch (StoreException e) {
            state.storeFailed();
            return Problem.of(
                            503,
                            "the event store failed" + logged(found, e)
                                    + "; send events again with the same event_id, so that none counts twice")
                    .withHeader("Retry-After", "1")
                    .answer();
        } catch (RuntimeException | Error e) {
            return Problem.of(500, "this server failed" + logged(found, e)).answer();
        }
    }

    /** Logs a failure of this server and says where: what it was is not for clients. */
    private static String logged(Found found, Throwable failure) {
        String id = String.format("%08x", ThreadLocalRandom.current().nextInt());
        LOG.log(Level.ERROR, "error " + id + " in " + found.method + " " + found.path, failure);
        return "; its log says why under error " + id;
    }

    private Answer run(Call call) {
        if (call.route().path().startsWith("/health/")) {
            return call.route().endpoint().answer(call);
        }
        if (!places.tryAcquire()) {
            metrics.saturated();
            throw Problem.of(503, "too many requests at once: try again soon").withHeader("Retry-After", "1");
        }
        try {
            return call.route().endpoint().answer(call);
        } finally {
            places.release();
        }
    }

    private Call admit(ServerRequest request, Found found) {
        HttpPrologue prologue = request.prologue();
        ServerRequestHeaders headers = request.headers();
        String rawPath = prologue.uriPath().rawPath();
        if (!rawPath.startsWith("/")) {
            throw Problem.badRequest("the path must begin with a slash");
        }
        List<String> raw = Route.split(rawPath);
        Route route = route(prologue.method().text(), raw);
        found.method = prologue.method().text();
        found.path = route.path();
        if (state.stopping() && !route.path().startsWith("/health/")) {
            throw Problem.of(503, "this server is stopping").withHeader("Retry-After", "10");
        }
        origins.check(request.authority(), single(headers, HeaderNames.ORIGIN));
        Tokens.Caller caller = tokens.admit(single(headers, HeaderNames.AUTHORIZATION), route.access());
        limitRate(caller, route);

        Query query = Query.parse(prologue.query().rawValue(), route.parameters());
        List<String> path = new ArrayList<>(1);
        for (String value : values(route, raw)) {
            path.add(Query.decode("the path", value));
        }
        boolean lines = isLines(route, headers, request.content());
        byte[] body = route.body() == BodyType.NONE ? NOTHING : body(request.content());
        return new Call(route, path, query, body, lines, single(headers, HeaderNames.IF_NONE_MATCH));
    }

    private Route route(String method, List<String> raw) {
        Set<String> methods = new TreeSet<>();
        for (Route route : routes) {
            if (route.match(raw) == null) {
                continue;
            }
            if (route.takes(method)) {
                return route;
            }
            methods.add(route.method());
            if (route.method().equals("GET")) {
                methods.add("HEAD");
            }
        }
        if (methods.isEmpty()) {
            throw Problem.notFound("nothing here; GET /openapi.yaml says what there is");
        }
        String allowed = String.join(", ", methods);
        throw Problem.of(405, "here are only: " + allowed).withHeader("Allow", allowed);
    }

    private static List<String> values(Route route, List<String> raw) {
        List<String> values = route.match(raw);
        if (values == null) {
            throw new IllegalStateException("the route has matched before");
        }
        return values;
    }

    private static @Nullable String single(ServerRequestHeaders headers, HeaderName name) {
        if (!headers.contains(name)) {
            return null;
        }
        List<String> all = headers.all(name, List::of);
        if (all.size() > 1) {
            throw Problem.badRequest("the header " + name.defaultCase() + " is given twice");
        }
        return all.getFirst();
    }

    private void limitRate(Tokens.Caller caller, Route route) {
        if (route.access() == Access.PUBLIC) {
            return;
        }
        long wait = rate.take(caller.token(), System.nanoTime());
        if (wait > 0) {
            metrics.limited();
            throw Problem.of(429, "more than " + limits.rate() + " requests a second")
                    .withHeader("Retry-After", String.valueOf(1 + wait / 1_000_000_000));
        }
    }

    /** Returns whether the body is one JSON value a line; throws {@link Problem} where it is not of a type the route takes. */
    private static boolean isLines(Route route, ServerRequestHeaders headers, ReadableEntity content) {
        if (route.body() == BodyType.NONE) {
            if (content.hasEntity()) {
                throw Problem.badRequest("this takes no body");
            }
            return false;
        }
        String given = single(headers, HeaderNames.CONTENT_TYPE);
        String[] parts = (given == null ? "" : given).split(";", -1);
        boolean utf8 = parts.length == 1
                || (parts.length == 2 && parts[1].strip().replace("\"", "").equalsIgnoreCase("charset=utf-8"));
        String type = parts[0].strip();
        if (utf8 && type.equalsIgnoreCase("application/json")) {
            return false;
        }
        if (utf8 && route.body() == BodyType.JSON_OR_LINES && type.equalsIgnoreCase("application/x-ndjson")) {
            return true;
        }
        throw Problem.of(
                415,
                route.body() == BodyType.JSON_OR_LINES
                        ? "send application/json or application/x-ndjson, in UTF-8"
                        : "send application/json, in UTF-8");
    }

    private byte[] body(ReadableEntity content) {
        if (!content.hasEntity()) {
            return NOTHING;
        }
        int most = limits.bodyBytes();
        try (InputStream in = content.inputStream()) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length <= most) {
                return bytes;
            }
            // A client that is still sending would not see the answer. Helidon ends this where it takes too long.
            in.transferTo(OutputStream.nullOutputStream());
            throw Problem.of(413, "the body has more than " + most + " bytes");
        } catch (RequestException e) {
            throw e.status().code() == 413
                    ? Problem.of(413, "the body has more than " + most + " bytes")
                    : unreadable(e);
        } catch (CloseConnectionException | Problem e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Helidon has many ways to say that what comes is no HTTP: a chunk without its size, an early end.
            throw unreadable(e);
        }
    }

    private static Problem unreadable(Exception e) {
        LOG.log(Level.DEBUG, "a body could not be read", e);
        return Problem.badRequest("the body does not arrive as HTTP says it should");
    }

    /** Sends an answer; returns whether the connection must end with it. */
    private boolean send(ServerRequest request, RoutingResponse response, Answer answer) {
        boolean close = state.stopping()
                || request.headers().containsToken(HeaderValues.CONNECTION_CLOSE)
                || mustClose(request);
        response.status(Status.create(answer.status()));
        USUAL.forEach(response::header);
        answer.headers().forEach((name, value) -> response.header(name, value));
        if (answer.contentType() != null) {
            response.header(HeaderNames.CONTENT_TYPE, answer.contentType());
        }
        if (close) {
            response.header(HeaderNames.CONNECTION, "close");
        }
        if (request.prologue().method().text().equals("HEAD")) {
            response.header(HeaderNames.CONTENT_LENGTH, String.valueOf(answer.body().length));
            response.send(NOTHING);
        } else if (answer.body().length == 0) {
            response.send();
        } else {
            response.send(answer.body());
        }
        return close;
    }

    /** Returns whether there is more of a request's body than is worth reading. */
    private static boolean mustClose(ServerRequest request) {
        ReadableEntity content = request.content();
        if (!content.hasEntity() || content.consumed()) {
            return false;
        }
        long length = request.headers().contentLength().orElse(Long.MAX_VALUE);
        return length > DRAINED || request.headers().contains(HeaderNames.EXPECT);
    }
}
