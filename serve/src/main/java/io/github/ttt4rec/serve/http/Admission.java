package io.github.ttt4rec.serve.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.media.ReadableEntity;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks a request before its endpoint runs, and reads its body. */
final class Admission {
    private static final System.Logger LOG = System.getLogger(Admission.class.getName());
    private static final byte[] NOTHING = {};
    private static final HeaderName ASKED_METHOD = HeaderNames.create("Access-Control-Request-Method");
    /**
     * The maximum number of bytes to read from a body that is too long, before its client gets the answer and the
     * connection ends.
     */
    private static final long MAX_DRAINED = 16L << 20;

    private static final int PIECE = 1 << 13;

    private final OriginCheck origins;
    private final Metrics metrics;
    private volatile Rules rules;

    /** The settings that can change while the server runs. */
    private record Rules(Limits limits, Tokens tokens, RateLimit rate) {
        static Rules of(Limits limits, Tokens tokens) {
            return new Rules(limits, tokens, new RateLimit(limits.rate(), tokens.count()));
        }
    }

    Admission(Limits limits, Tokens tokens, OriginCheck origins, Metrics metrics) {
        this.origins = origins;
        this.metrics = metrics;
        this.rules = Rules.of(limits, tokens);
    }

    /** Replaces the limits and tokens. */
    void apply(Limits limits, Tokens tokens) {
        rules = Rules.of(limits, tokens);
    }

    /** Returns the current limits. */
    Limits limits() {
        return rules.limits;
    }

    /**
     * Admits a request; throws {@link Problem} or {@link InvalidField} if it is wrong.
     *
     * @param memory the memory for its body, reserved while the body arrives
     */
    Call admit(ServerRequest request, Router.Match match, Places.Memory memory) {
        Rules now = rules;
        Route route = match.route();
        ServerRequestHeaders headers = request.headers();
        String origin = single(headers, HeaderNames.ORIGIN);
        origins.check(request.authority(), origin);
        if (!origins.allows(origin)) {
            origins.checkSite(
                    single(headers, OriginCheck.FETCH_SITE), single(headers, OriginCheck.FETCH_MODE), route.access());
        }
        Tokens.Caller caller = now.tokens.admit(single(headers, HeaderNames.AUTHORIZATION), route.access());
        limitRate(now, caller, route);

        Query query = Query.parse(request.prologue().query().rawValue(), route.parameters());
        List<String> path = new ArrayList<>(1);
        for (String value : match.values()) {
            path.add(Query.decode("the path", value));
        }
        if (caller.user() != null && !mayCall(route, path, caller.user())) {
            throw Problem.of(403, "this token lets its user send events and read lists, for that user alone");
        }
        boolean lines = isLines(route, headers, request.content());
        byte[] body = route.body() == BodyType.NONE ? NOTHING : body(request, now.limits.bodyBytes(), memory);
        return new Call(route, path, query, body, lines, caller.user(), single(headers, HeaderNames.IF_NONE_MATCH));
    }

    private static boolean mayCall(Route route, List<String> path, String user) {
        return route.isForOwnUser() && (path.isEmpty() || path.getFirst().equals(user));
    }

    /**
     * Returns the answer to a browser's CORS preflight request; null if this is not one or the origin is not allowed.
     */
    @Nullable Response preflight(ServerRequest request) {
        ServerRequestHeaders headers = request.headers();
        if (!request.prologue().method().text().equals("OPTIONS")
                || !headers.contains(ASKED_METHOD)
                || !origins.allows(single(headers, HeaderNames.ORIGIN))) {
            return null;
        }
        origins.check(request.authority(), single(headers, HeaderNames.ORIGIN));
        return Response.empty(204)
                .withHeader("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE")
                .withHeader("Access-Control-Allow-Headers", "authorization, content-type")
                .withHeader("Access-Control-Max-Age", "600");
    }

    /** Adds the header with which a page of an allowed origin may read the response. */
    Response readable(ServerRequest request, Response response) {
        String origin = request.headers().first(HeaderNames.ORIGIN).orElse(null);
        return origin == null || !origins.allows(origin)
                ? response
                : response.withHeader("Access-Control-Allow-Origin", origin).withHeader("Vary", "Origin");
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

    private void limitRate(Rules now, Tokens.Caller caller, Route route) {
        if (route.access() == Access.PUBLIC) {
            return;
        }
        long wait = now.rate.take(caller.token(), System.nanoTime());
        if (wait > 0) {
            metrics.limited();
            throw Problem.of(429, "more than " + now.limits.rate() + " requests a second")
                    .withHeader("Retry-After", String.valueOf(1 + wait / 1_000_000_000));
        }
    }

    /**
     * Returns whether the body has one JSON value per line; throws {@link Problem} if the route does not take its type.
     */
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

    private static byte[] body(ServerRequest request, int most, Places.Memory memory) {
        ReadableEntity content = request.content();
        if (!content.hasEntity()) {
            return NOTHING;
        }
        boolean tooLong = request.headers().contentLength().orElse(0) > most;
        if (tooLong && request.headers().contains(HeaderNames.EXPECT)) {
            throw tooLarge(most).closing(); // The client asks before it sends the body.
        }
        // Closed only at its end, because closing reads the rest, which a client with malformed chunks may never send.
        InputStream in = content.inputStream();
        try {
            byte[] bytes = tooLong ? NOTHING : read(in, most + 1, memory);
            if (!tooLong && bytes.length <= most) {
                in.close();
                memory.takeTree(bytes.length);
                return bytes;
            }
            // A client that is still sending would not see the answer. The deadline limits this.
            drain(in);
            in.close();
            throw tooLarge(most);
        } catch (RequestException e) {
            throw e.status().code() == 413 ? tooLarge(most) : unreadable(e);
        } catch (CloseConnectionException | Problem e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Helidon has many exceptions for malformed HTTP, such as a chunk without a size or an early end.
            throw unreadable(e);
        }
    }

    private static byte[] read(InputStream in, int most, Places.Memory memory) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[PIECE];
        int read = in.read(buffer);
        while (read >= 0 && bytes.size() < most) {
            memory.take(read);
            bytes.write(buffer, 0, Math.min(read, most - bytes.size()));
            read = in.read(buffer);
        }
        return bytes.toByteArray();
    }

    private static void drain(InputStream in) throws IOException {
        long left = MAX_DRAINED;
        byte[] buffer = new byte[PIECE];
        for (int read = in.read(buffer); read >= 0 && left > 0; read = in.read(buffer)) {
            left -= read;
        }
    }

    private static Problem tooLarge(int most) {
        return Problem.of(413, "the body has more than " + most + " bytes");
    }

    private static Problem unreadable(Exception e) {
        LOG.log(Level.DEBUG, "a body could not be read", e);
        return Problem.badRequest("the body does not arrive as HTTP says it should")
                .closing();
    }
}
