package io.github.ttt4rec.serve.http;

import static java.util.Objects.requireNonNullElse;

import io.github.ttt4rec.catalogue.Expression;
import io.github.ttt4rec.catalogue.Scenario;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.ListRequest;
import io.github.ttt4rec.serve.engine.Recommended;
import io.github.ttt4rec.serve.store.EventContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Returns recommendations for a stored user, recommendations after a given history, and items similar to an item. */
final class RecommendationsEndpoint {
    static final String DIVERSITY = "diversity";
    static final String EXPLAIN = "explain";
    /** The name of the option to count a list as shown. */
    static final String SHOWN = "shown";

    /** The name of the id of a list that was counted as shown. */
    static final String LIST = "list";

    static final Set<String> PARAMETERS = Set.of(
            "k",
            "exclude_seen",
            "exclude",
            "only",
            Filters.FILTER,
            ScenariosEndpoint.SCENARIO,
            DIVERSITY,
            EXPLAIN,
            SHOWN,
            ContextField.CONTEXT);
    static final Set<String> SIMILAR_PARAMETERS = Set.of("k", Filters.FILTER, ScenariosEndpoint.SCENARIO, DIVERSITY);
    private static final Set<String> MEMBERS = Set.of(
            GivenHistory.ITEMS,
            GivenHistory.TYPES,
            GivenHistory.VALUES,
            "k",
            "only",
            "exclude",
            "exclude_seen",
            "frozen",
            Filters.FILTER,
            ScenariosEndpoint.SCENARIO,
            DIVERSITY,
            EXPLAIN,
            ContextField.CONTEXT);
    private static final int DEFAULT_K = 10;

    private final Engine engine;
    private final Limits limits;
    private final ListJson lists;
    private final ImpressionsEndpoint impressions;

    RecommendationsEndpoint(Engine engine, Limits limits, ItemTitles names, ImpressionsEndpoint impressions) {
        this.impressions = impressions;
        this.engine = engine;
        this.limits = limits;
        lists = new ListJson(names);
    }

    Response forUser(Call call) {
        String user = call.id("user");
        Query query = call.query();
        Scenario scenario = ScenariosEndpoint.of(query.optionalText(ScenariosEndpoint.SCENARIO), engine);
        int k = query.count("k", k(scenario), limits.k());
        ItemFilter filter = new ItemFilter(
                query.ids("only"),
                requireNonNullElse(query.ids("exclude"), List.of()),
                query.flag("exclude_seen", excludesSeen(scenario)));
        Expression where = Filters.read(query.optionalText(Filters.FILTER), engine.catalogue());
        long start = System.nanoTime();
        ListRequest request = new ListRequest(
                k, filter, where, scenario, query.share(DIVERSITY, diversity(scenario)), query.flag(EXPLAIN, false));
        boolean shown = query.flag(SHOWN, false);
        Recommended recommended = engine.recommend(user, ContextField.of(query), request);
        String list = shown ? impressions.record(user, recommended.items(), scenario) : null;
        return answer(user, list, recommended, scenario, start);
    }

    Response forHistory(Call call) {
        Fields fields = new Fields(Json.read(call.body()), MEMBERS);
        EventContext context = ContextField.of(fields);
        GivenHistory history = fields.has(GivenHistory.ITEMS) || context.isNone()
                ? GivenHistory.of(fields, limits.history(), engine.roles())
                : requireNonNullElse(
                        GivenHistory.optional(fields, limits.history(), engine.roles()), GivenHistory.NONE);
        Scenario scenario = ScenariosEndpoint.of(fields.optionalText(ScenariosEndpoint.SCENARIO), engine);
        int k = fields.count("k", k(scenario), limits.k());
        ItemFilter filter = new ItemFilter(
                fields.optionalIds("only", limits.history()),
                requireNonNullElse(fields.optionalIds("exclude", limits.history()), List.of()),
                fields.flag("exclude_seen", excludesSeen(scenario)));
        Expression where = Filters.read(fields.optionalText(Filters.FILTER), engine.catalogue());
        boolean frozen = fields.flag("frozen", false);
        if (frozen && !engine.model().adaptive()) {
            throw Problem.badRequest("frozen: this model has no fast weights to freeze");
        }
        long start = System.nanoTime();
        ListRequest request = new ListRequest(
                k, filter, where, scenario, fields.share(DIVERSITY, diversity(scenario)), fields.flag(EXPLAIN, false));
        Recommended recommended = frozen
                ? engine.recommendFrozen(history.items(), history.types(), context, request)
                : engine.recommend(history.items(), history.types(), context, request);
        return answer(null, null, recommended, scenario, start);
    }

    Response similar(Call call) {
        String item = call.id("item");
        Scenario scenario = ScenariosEndpoint.of(call.query().optionalText(ScenariosEndpoint.SCENARIO), engine);
        int k = call.query().count("k", k(scenario), limits.k());
        if (engine.trained().items().indexOf(item) == null) {
            throw Problem.notFound("the model does not know this item");
        }
        Expression where = Filters.read(call.query().optionalText(Filters.FILTER), engine.catalogue());
        double diversity = call.query().share(DIVERSITY, diversity(scenario));
        Recommended similar =
                engine.similarItems(item, new ListRequest(k, ItemFilter.NONE, where, scenario, diversity, false));
        return Response.json(Json.write(json -> {
            json.writeStringProperty("item", item);
            if (scenario != null) {
                json.writeStringProperty(ScenariosEndpoint.SCENARIO, scenario.name());
            }
            lists.items(json, similar);
        }));
    }

    /** Returns the number of items of a list if the request does not give it. */
    static int k(@Nullable Scenario scenario) {
        return scenario == null || scenario.k() == null ? DEFAULT_K : scenario.k();
    }

    /** Returns the diversity of lists if the request does not give it. */
    static double diversity(@Nullable Scenario scenario) {
        return scenario == null || scenario.diversity() == null ? 0 : scenario.diversity();
    }

    /** Returns whether lists leave out items of the history if the request does not say. */
    static boolean excludesSeen(@Nullable Scenario scenario) {
        return scenario != null && scenario.excludeSeen() != null && scenario.excludeSeen();
    }

    private Response answer(
            @Nullable String user,
            @Nullable String list,
            Recommended recommended,
            @Nullable Scenario scenario,
            long start) {
        return Response.json(Json.write(json -> {
            if (user != null) {
                json.writeStringProperty("user", user);
            }
            json.writeStringProperty("basis", recommended.items().basis().name().toLowerCase(Locale.ROOT));
            json.writeStringProperty("model_version", recommended.modelVersion());
            json.writeNumberProperty("events", recommended.events());
            if (scenario != null) {
                json.writeStringProperty(ScenariosEndpoint.SCENARIO, scenario.name());
            }
            if (list != null) {
                json.writeStringProperty(LIST, list);
            }
            lists.items(json, recommended);
            lists.leftOut(json, recommended);
            json.writeNumberProperty("took_micros", (System.nanoTime() - start) / 1000);
        }));
    }
}
