package io.github.ttt4rec.serve.http;

import static java.util.Objects.requireNonNullElse;

import io.github.ttt4rec.catalogue.Expression;
import io.github.ttt4rec.catalogue.Scenario;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.ListRequest;
import io.github.ttt4rec.serve.engine.Shelf;
import io.github.ttt4rec.serve.engine.ShelfKind;
import io.github.ttt4rec.serve.engine.ShelfRequest;
import io.github.ttt4rec.serve.engine.Shelves;
import io.github.ttt4rec.serve.store.EventContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Returns several lists for one page, none of which repeats an item of an earlier one. */
final class ShelvesEndpoint {
    static final Set<String> PARAMETERS = Set.of(
            "user",
            "kinds",
            "item",
            "k",
            "exclude_seen",
            Filters.FILTER,
            ScenariosEndpoint.SCENARIO,
            RecommendationsEndpoint.DIVERSITY,
            RecommendationsEndpoint.EXPLAIN,
            RecommendationsEndpoint.SHOWN,
            ContextField.CONTEXT);
    private static final String SHELVES = "shelves";
    private static final String ITEM = "item";
    private static final Set<String> MEMBERS = Set.of(
            "user",
            GivenHistory.ITEMS,
            GivenHistory.TYPES,
            GivenHistory.VALUES,
            SHELVES,
            RecommendationsEndpoint.SHOWN,
            ContextField.CONTEXT);
    private static final Set<String> SHELF_MEMBERS = Set.of(
            "name",
            "kind",
            ITEM,
            "items",
            "k",
            "exclude_seen",
            Filters.FILTER,
            ScenariosEndpoint.SCENARIO,
            RecommendationsEndpoint.DIVERSITY,
            RecommendationsEndpoint.EXPLAIN);
    private static final int MAX_SHELVES = 20;

    private final Engine engine;
    private final Limits limits;
    private final ListJson lists;
    private final ImpressionsEndpoint impressions;

    ShelvesEndpoint(Engine engine, Limits limits, ItemTitles names, ImpressionsEndpoint impressions) {
        this.impressions = impressions;
        this.engine = engine;
        this.limits = limits;
        lists = new ListJson(names);
    }

    /** Returns lists of the kinds in the parameter {@code kinds}, all with the same options. */
    Response get(Call call) {
        long start = System.nanoTime();
        Query query = call.query();
        String user = query.id("user");
        requireOwn(call, user);
        List<String> kinds = List.of(query.text("kinds", "").split(",", -1));
        if (kinds.getFirst().isEmpty() || kinds.size() > MAX_SHELVES) {
            throw new InvalidField("kinds", "kinds must name 1 to " + MAX_SHELVES + " kinds, between commas");
        }
        String item = query.id(ITEM);
        Scenario scenario = ScenariosEndpoint.of(query.optionalText(ScenariosEndpoint.SCENARIO), engine);
        Expression where = Filters.read(query.optionalText(Filters.FILTER), engine.catalogue());
        List<ShelfRequest> requests = new ArrayList<>();
        for (String word : kinds) {
            ShelfKind kind = kind("kinds", word);
            if (kind == ShelfKind.COMPLETE) {
                throw new InvalidField("kinds", "kinds: complete needs a basket, which POST takes");
            }
            List<String> items = item != null && (kind.needsItem() || kind == ShelfKind.BECAUSE)
                    ? List.of(known(ITEM, item))
                    : List.of();
            requireItem(ITEM, kind, items);
            ListRequest list = new ListRequest(
                    query.count("k", RecommendationsEndpoint.k(scenario), limits.k()),
                    filter(query.flag("exclude_seen", RecommendationsEndpoint.excludesSeen(scenario))),
                    where,
                    scenario,
                    query.share(RecommendationsEndpoint.DIVERSITY, RecommendationsEndpoint.diversity(scenario)),
                    query.flag(RecommendationsEndpoint.EXPLAIN, kind == ShelfKind.BECAUSE));
            requests.add(new ShelfRequest(word, kind, items, list));
        }
        boolean shown = isShown(query.flag(RecommendationsEndpoint.SHOWN, false), user);
        return answer(
                shelves(user, GivenHistory.NONE, ContextField.of(query), named(requests, "kinds")), user, shown, start);
    }

    /** Returns the lists that the body describes. */
    Response post(Call call) {
        long start = System.nanoTime();
        Fields fields = new Fields(Json.read(call.body()), MEMBERS);
        String user = fields.optionalId("user");
        requireOwn(call, user);
        GivenHistory history = GivenHistory.optional(fields, limits.history(), engine.roles());
        if (user != null && history != null) {
            throw new InvalidField(GivenHistory.ITEMS, "history: give a user or a history, not both");
        }
        List<ShelfRequest> requests = new ArrayList<>();
        for (JsonNode each : fields.values(SHELVES, MAX_SHELVES)) {
            requests.add(shelf(SHELVES + "[" + requests.size() + "]", each));
        }
        boolean shown = isShown(fields.flag(RecommendationsEndpoint.SHOWN, false), user);
        Shelves shelves = shelves(
                user,
                requireNonNullElse(history, GivenHistory.NONE),
                ContextField.of(fields),
                named(requests, SHELVES));
        return answer(shelves, user, shown, start);
    }

    private ShelfRequest shelf(String at, JsonNode object) {
        try {
            Fields fields = new Fields(object, SHELF_MEMBERS);
            ShelfKind kind = kind("kind", fields.text("kind"));
            String name = fields.optionalText("name");
            Scenario scenario = ScenariosEndpoint.of(fields.optionalText(ScenariosEndpoint.SCENARIO), engine);
            ListRequest list = new ListRequest(
                    fields.count("k", RecommendationsEndpoint.k(scenario), limits.k()),
                    filter(fields.flag("exclude_seen", RecommendationsEndpoint.excludesSeen(scenario))),
                    Filters.read(fields.optionalText(Filters.FILTER), engine.catalogue()),
                    scenario,
                    fields.share(RecommendationsEndpoint.DIVERSITY, RecommendationsEndpoint.diversity(scenario)),
                    fields.flag(RecommendationsEndpoint.EXPLAIN, kind == ShelfKind.BECAUSE));
            return new ShelfRequest(name == null ? kind.word() : checkedName(name), kind, items(fields, kind), list);
        } catch (InvalidField e) {
            throw new InvalidField(at + "." + e.field(), at + ": " + e.getMessage());
        }
    }

    private List<String> items(Fields fields, ShelfKind kind) {
        String item = fields.optionalId(ITEM);
        List<String> basket = fields.optionalIds("items", limits.history());
        boolean takesItem = kind.needsItem() || kind == ShelfKind.BECAUSE;
        if (item != null && !takesItem) {
            throw new InvalidField(ITEM, "item: a shelf of kind " + kind.word() + " takes none");
        }
        if (basket != null && kind != ShelfKind.COMPLETE) {
            throw new InvalidField("items", "items: a shelf of kind " + kind.word() + " takes none");
        }
        if (kind == ShelfKind.COMPLETE) {
            if (basket == null || basket.isEmpty()) {
                throw new InvalidField("items", "items must name the items in the basket");
            }
            return basket;
        }
        List<String> items = item == null ? List.of() : List.of(known(ITEM, item));
        requireItem(ITEM, kind, items);
        return items;
    }

    private static ItemFilter filter(boolean excludeSeen) {
        return new ItemFilter(null, List.of(), excludeSeen);
    }

    private static String checkedName(String name) {
        if (name.isEmpty() || name.length() > 64) {
            throw new InvalidField("name", "name must have 1 to 64 characters");
        }
        return name;
    }

    private static ShelfKind kind(String field, String word) {
        return ShelfKind.of(word)
                .orElseThrow(() -> new InvalidField(
                        field,
                        field + ": '" + InvalidField.shown(word) + "' is no kind of shelf, there are "
                                + Arrays.stream(ShelfKind.values())
                                        .map(ShelfKind::word)
                                        .collect(Collectors.joining(", "))));
    }

    private static void requireItem(String field, ShelfKind kind, List<String> items) {
        if (kind.needsItem() && items.isEmpty()) {
            throw new InvalidField(field, field + ": a shelf of kind " + kind.word() + " needs one");
        }
    }

    private String known(String field, String item) {
        if (engine.trained().items().indexOf(item) == null) {
            throw new InvalidField(field, field + ": the model does not know '" + InvalidField.shown(item) + "'");
        }
        return item;
    }

    /** Refuses two shelves with the same name, because answers and impression reports could not distinguish them. */
    private static List<ShelfRequest> named(List<ShelfRequest> requests, String field) {
        Set<String> names = new HashSet<>();
        for (ShelfRequest each : requests) {
            if (!names.add(each.name())) {
                throw new InvalidField(
                        field,
                        field + ": two shelves have the name '" + InvalidField.shown(each.name())
                                + "': give each a name of its own");
            }
        }
        return requests;
    }

    private static void requireOwn(Call call, @Nullable String user) {
        if (call.user() != null && !call.user().equals(user)) {
            throw Problem.of(403, "this token lets its user read lists of that user alone");
        }
    }

    private static boolean isShown(boolean shown, @Nullable String user) {
        if (shown && user == null) {
            throw new InvalidField(
                    RecommendationsEndpoint.SHOWN, "shown: only the lists of a user are counted as shown; give user");
        }
        return shown;
    }

    private Shelves shelves(
            @Nullable String user, GivenHistory history, EventContext context, List<ShelfRequest> requests) {
        return user == null
                ? engine.shelves(history.items(), history.types(), context, requests)
                : engine.shelves(user, context, requests);
    }

    private Response answer(Shelves shelves, @Nullable String user, boolean shown, long start) {
        List<@Nullable String> ids = new ArrayList<>();
        for (Shelf shelf : shelves.shelves()) {
            ids.add(
                    shown && user != null
                            ? impressions.record(
                                    user,
                                    shelf.list().items(),
                                    shelf.request().list().scenario())
                            : null);
        }
        return Response.json(Json.write(json -> {
            if (user != null) {
                json.writeStringProperty("user", user);
            }
            json.writeStringProperty("model_version", shelves.modelVersion());
            json.writeNumberProperty("events", shelves.events());
            json.writeArrayPropertyStart(SHELVES);
            for (int i = 0; i < ids.size(); i++) {
                write(json, shelves.shelves().get(i), ids.get(i));
            }
            json.writeEndArray();
            json.writeNumberProperty("took_micros", (System.nanoTime() - start) / 1000);
        }));
    }

    private void write(JsonGenerator json, Shelf shelf, @Nullable String list) {
        json.writeStartObject();
        json.writeStringProperty("name", shelf.request().name());
        json.writeStringProperty("kind", shelf.request().kind().word());
        switch (shelf.request().kind()) {
            case PERSONAL, COMPLETE ->
                json.writeStringProperty(
                        "basis", shelf.list().items().basis().name().toLowerCase(Locale.ROOT));
            case BECAUSE -> {
                if (shelf.because() != null) {
                    json.writeObjectPropertyStart("because");
                    lists.item(json, shelf.because());
                    json.writeEndObject();
                }
            }
            case SIMILAR, BOUGHT_TOGETHER, TRENDING, NEW, POPULAR, RECENTLY_VIEWED -> {}
        }
        if (list != null) {
            json.writeStringProperty(RecommendationsEndpoint.LIST, list);
        }
        lists.items(json, shelf.list());
        json.writeEndObject();
    }
}
