package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.serve.store.DamagedUserException;
import io.github.ttt4rec.serve.store.StoreException;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import java.lang.System.Logger.Level;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Takes every request through {@link Router}, {@link Admission}, its endpoint and {@link Responder}. It is a filter of Helidon
 * that never delegates, so only {@link Routes} are reachable.
 */
final class Dispatcher implements Filter {
    private static final System.Logger LOG = System.getLogger(Dispatcher.class.getName());

    private final Sites sites;
    private final Responder responder;
    private final Connections connections;
    /** The whole server's. */
    private final ServerState state;

    Dispatcher(Sites sites, Connections connections) {
        this.sites = sites;
        this.connections = connections;
        this.state = sites.main().state();
        this.responder = new Responder(state);
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        long start = System.nanoTime();
        Connection connection = connections.of(request.remotePeer().address());
        state.begin();
        try {
            connection.body();
            Found found = new Found(sites.main());
            Response answer = sites.main().admission().readable(request, answer(request, connection, found));
            connection.answer();
            boolean close = responder.send(request, response, answer);
            connection.idle();
            found.site.metrics().request(found.method, found.path, answer.status(), System.nanoTime() - start);
            if (close) {
                // Otherwise Helidon would wait for the client to close, or read the rest of this request as the next
                // one.
                throw new CloseConnectionException("the connection ends with this answer");
            }
        } finally {
            state.end();
        }
    }

    /** Returns the matched route as a metric label. The raw path would have unbounded cardinality. */
    private static final class Found {
        private Site site;
        private String method = "none";
        private String path = "none";

        Found(Site site) {
            this.site = site;
        }
    }

    private Response answer(ServerRequest request, Connection connection, Found found) {
        try {
            HttpPrologue prologue = request.prologue();
            Response preflight = sites.main().admission().preflight(request);
            if (preflight != null) {
                return preflight;
            }
            Sites.Found place = sites.find(prologue.uriPath().rawPath());
            found.site = place.site();
            Router.Match match = place.site().router().match(prologue.method().text(), place.path());
            found.method = prologue.method().text();
            found.path = match.route().path();
            if (state.stopping() && !match.route().isHealth()) {
                throw Problem.of(503, "this server is stopping").withHeader("Retry-After", "10");
            }
            return run(request, place.site(), match, connection);
        } catch (Problem e) {
            return connection.late() ? late() : e.answer();
        } catch (InvalidField e) {
            return Problem.badRequest(e.getMessage()).answer();
        } catch (UserFacingException e) {
            return Problem.badRequest(String.valueOf(e.getMessage())).answer();
        } catch (CloseConnectionException e) {
            throw e;
        } catch (DamagedUserException e) {
            return Problem.of(
                            503,
                            "the stored events of this user are damaged; an operator can repair them, and events sent"
                                    + " meanwhile are kept")
                    .answer();
        } catch (StoreException e) {
            found.site.state().storeFailed();
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

    private static Response late() {
        return Problem.of(408, "the request did not arrive in time").closing().answer();
    }

    /** Logs a failure of this server under an id and returns the id: clients must not see the cause. */
    private static String logged(Found found, Throwable failure) {
        String id = String.format("%08x", ThreadLocalRandom.current().nextInt());
        String line = "error " + id + " in " + found.method + " " + found.path;
        if (failure instanceof StoreException && failure.getCause() == null) {
            LOG.log(Level.ERROR, line + ": " + failure.getMessage()); // such as a closed store: the line says it all
        } else {
            LOG.log(Level.ERROR, line, failure);
        }
        return "; its log says why under error " + id;
    }

    /**
     * Memory is reserved while the body arrives; a place is taken only for the processing, so that slow clients occupy
     * none.
     */
    private Response run(ServerRequest request, Site site, Router.Match match, Connection connection) {
        try (Places.Memory memory = site.places().memory()) {
            Call call = site.admission().admit(request, match, memory);
            connection.work();
            return match.route().isHealth()
                    ? match.route().endpoint().answer(call)
                    : work(call, site, connection.client());
        }
    }

    private static Response work(Call call, Site site, Connection.Client client) {
        if (!site.places().enter(client, site.admission().limits().requests())) {
            site.metrics().saturated();
            throw Problem.of(503, "too many requests at once: try again soon").withHeader("Retry-After", "1");
        }
        try {
            return call.route().endpoint().answer(call);
        } finally {
            site.places().leave(client);
        }
    }
}
