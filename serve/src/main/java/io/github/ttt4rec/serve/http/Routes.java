package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.serve.engine.Engine;
import java.util.List;
import java.util.Set;

/** The table of all routes. If two paths match, the first one wins. */
final class Routes {
    private static final Set<String> NO_PARAMETERS = Set.of();

    private Routes() {}

    static List<Route> of(Engine engine, ServerConfig config, ServerState state, Metrics metrics) {
        Limits limits = config.limits();
        ItemTitles names = new ItemTitles(config.names(), engine.catalogue());
        EventsEndpoint events = new EventsEndpoint(engine, limits.batch());
        ImpressionsEndpoint impressions = new ImpressionsEndpoint(engine, limits.k());
        RecommendationsEndpoint recommendations = new RecommendationsEndpoint(engine, limits, names, impressions);
        ShelvesEndpoint shelves = new ShelvesEndpoint(engine, limits, names, impressions);
        UsersEndpoint users = new UsersEndpoint(engine, limits.k(), names);
        ItemsEndpoint items = new ItemsEndpoint(engine, limits, names);
        CatalogueEndpoint catalogue = new CatalogueEndpoint(engine, limits.batch());
        ScenariosEndpoint scenarios = new ScenariosEndpoint(engine, limits);
        ModelEndpoint model = new ModelEndpoint(engine, config);
        HealthEndpoint health = new HealthEndpoint(state);
        ExperimentsEndpoint experiments = new ExperimentsEndpoint(engine, config);
        QualityEndpoint quality = new QualityEndpoint(engine);
        PageFiles page = new PageFiles();
        return List.of(
                post("/v1/events", Access.CLIENT, BodyType.JSON_OR_LINES, events::append),
                get(
                        "/v1/users/{id}/recommendations",
                        Access.CLIENT,
                        RecommendationsEndpoint.PARAMETERS,
                        recommendations::forUser),
                post("/v1/recommendations", Access.CLIENT, BodyType.JSON, recommendations::forHistory),
                get("/v1/shelves", Access.CLIENT, ShelvesEndpoint.PARAMETERS, shelves::get),
                post("/v1/shelves", Access.CLIENT, BodyType.JSON, shelves::post),
                get("/v1/impressions", Access.CLIENT, NO_PARAMETERS, impressions::figures),
                post("/v1/impressions", Access.CLIENT, BodyType.JSON, impressions::show),
                get("/v1/users/{id}", Access.CLIENT, UsersEndpoint.PARAMETERS, users::show),
                Route.of("DELETE", "/v1/users/{id}", Access.ADMIN, BodyType.NONE, NO_PARAMETERS, users::forget),
                get("/v1/items", Access.CLIENT, ItemsEndpoint.PARAMETERS, items::find),
                post("/v1/items", Access.ADMIN, BodyType.JSON_OR_LINES, catalogue::putAll),
                get("/v1/items/{id}", Access.CLIENT, NO_PARAMETERS, catalogue::show),
                Route.of("DELETE", "/v1/items/{id}", Access.ADMIN, BodyType.NONE, NO_PARAMETERS, catalogue::remove),
                get(
                        "/v1/items/{id}/similar",
                        Access.CLIENT,
                        RecommendationsEndpoint.SIMILAR_PARAMETERS,
                        recommendations::similar),
                put("/v1/items/{id}", items::put),
                put("/v1/items/{id}/availability", items::setAvailability),
                get("/v1/catalogue", Access.CLIENT, NO_PARAMETERS, catalogue::summary),
                post("/v1/catalogue/count", Access.ADMIN, BodyType.NONE, model::countCatalogue),
                get("/v1/catalogue/items", Access.CLIENT, Set.of("after", "limit"), catalogue::export),
                get("/v1/scenarios", Access.CLIENT, NO_PARAMETERS, scenarios::list),
                get("/v1/scenarios/{name}", Access.CLIENT, NO_PARAMETERS, scenarios::show),
                put("/v1/scenarios/{name}", scenarios::put),
                Route.of(
                        "DELETE",
                        "/v1/scenarios/{name}",
                        Access.ADMIN,
                        BodyType.NONE,
                        NO_PARAMETERS,
                        scenarios::remove),
                get("/v1/deny", Access.CLIENT, NO_PARAMETERS, items::denied),
                put("/v1/deny", items::deny),
                get("/v1/model", Access.CLIENT, NO_PARAMETERS, model::show),
                post("/v1/model", Access.ADMIN, BodyType.JSON, model::swap),
                get("/v1/quality", Access.CLIENT, Set.of(QualityEndpoint.LAST), quality::show),
                get("/v1/experiments", Access.CLIENT, NO_PARAMETERS, experiments::list),
                post("/v1/experiments", Access.ADMIN, BodyType.JSON, experiments::start),
                post("/v1/experiments/{name}/end", Access.ADMIN, BodyType.JSON, experiments::end),
                post("/v1/backup", Access.ADMIN, BodyType.NONE, model::backup),
                get("/health", Access.PUBLIC, NO_PARAMETERS, health::words),
                get("/health/live", Access.PUBLIC, NO_PARAMETERS, health::live),
                get("/health/ready", Access.PUBLIC, NO_PARAMETERS, health::ready),
                get("/metrics", Access.CLIENT, NO_PARAMETERS, metrics::show),
                get("/openapi.yaml", Access.PUBLIC, NO_PARAMETERS, page::openApi),
                get("/", Access.PUBLIC, NO_PARAMETERS, page::index),
                get("/{file}", Access.PUBLIC, NO_PARAMETERS, page::named));
    }

    /** The routes of a server with tenants that belong to none of them. */
    static List<Route> ofTenants(ServerState state, Metrics metrics) {
        HealthEndpoint health = new HealthEndpoint(state);
        PageFiles page = new PageFiles();
        return List.of(
                get("/health", Access.PUBLIC, NO_PARAMETERS, health::words),
                get("/health/live", Access.PUBLIC, NO_PARAMETERS, health::live),
                get("/health/ready", Access.PUBLIC, NO_PARAMETERS, health::ready),
                get("/metrics", Access.CLIENT, NO_PARAMETERS, metrics::show),
                get("/openapi.yaml", Access.PUBLIC, NO_PARAMETERS, page::openApi));
    }

    private static Route get(String path, Access access, Set<String> parameters, Endpoint endpoint) {
        return Route.of("GET", path, access, BodyType.NONE, parameters, endpoint);
    }

    private static Route post(String path, Access access, BodyType body, Endpoint endpoint) {
        return Route.of("POST", path, access, body, NO_PARAMETERS, endpoint);
    }

    private static Route put(String path, Endpoint endpoint) {
        return Route.of("PUT", path, Access.ADMIN, BodyType.JSON, NO_PARAMETERS, endpoint);
    }
}
