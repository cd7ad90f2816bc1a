package io.github.ttt4rec.serve.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.data.Interaction;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.data.read.Datasets;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.serve.SmallModels;
import io.github.ttt4rec.serve.store.Durability;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.EventType;
import io.github.ttt4rec.serve.store.Impression;
import io.github.ttt4rec.serve.store.StoreConfig;
import io.github.ttt4rec.train.TrainConfig;
import io.github.ttt4rec.ttt.InnerModelType;
import io.github.ttt4rec.ttt.TttConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events of types that a model does not read are stored and leave its lists as they are. */
class TypedEventsTest {
    private static final TrainedModel MODEL = SmallModels.of(20, 1);
    private static final EventRoles ROLES =
            EventRoles.parse("buy, view=input, remove=negative*2, rating >= 4, *=ignored");

    @TempDir
    private Path directory;

    private Engine open(TrainedModel model, String file, @Nullable EventRoles roles) {
        EventStore store = EventStore.open(directory.resolve(file), new StoreConfig(Durability.OFF, 0, Duration.ZERO));
        return Engine.open(model, store, new EngineConfig(null, 1 << 20, 0, CatalogueUpdates.OFF, roles));
    }

    private Engine open(String file, EventRoles roles, long maxEvents) {
        EventStore store =
                EventStore.open(directory.resolve(file), new StoreConfig(Durability.OFF, maxEvents, Duration.ZERO));
        return Engine.open(MODEL, store, new EngineConfig(null, 1 << 20, 0, CatalogueUpdates.OFF, roles));
    }

    private static Event event(String item, EventType type) {
        return new Event("u", item, 5, null, type);
    }

    private static Map<String, Float> scores(Engine engine) {
        return engine.recommend("u", 100, ItemFilter.NONE).items().stream()
                .collect(Collectors.toMap(Recommendation::item, Recommendation::score));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 40})
    void listsAreThoseOfTheEventsThatAreReadAlone(long maxEvents) {
        SplittableRandom random = new SplittableRandom(7);
        List<String> read = new ArrayList<>();
        Engine typed = open("typed.db", ROLES, maxEvents);
        for (int i = 0; i < 150; i++) {
            String item = "i" + random.nextInt(20);
            EventType type = switch (random.nextInt(4)) {
                case 0 -> EventType.of("buy");
                case 1 -> EventType.of("view");
                case 2 -> new EventType("rating", random.nextInt(1, 6));
                default -> EventType.of("login");
            };
            typed.append(event(item, type));
            if (ReadEvents.role(ROLES, type).isRead()) {
                read.add(item);
            }
            if (i % 50 == 49) {
                // From memory, and from the store.
                Map<String, Float> before = scores(typed);
                typed.close();
                typed = open("typed.db", ROLES, maxEvents);
                compare(scores(typed), before);
            }
        }
        assertThat(typed.user("u").orElseThrow().events()).isEqualTo(150);
        if (maxEvents == 0) {
            try (Engine plain = open("plain.db", EventRoles.parse("*"), 0)) {
                read.forEach(item -> plain.append(event(item, EventType.NONE)));
                compare(scores(typed), scores(plain));
            }
        }
        typed.close();
    }

    @Test
    void listsReadTypesIfTheModelHasAnInputForThem() throws InterruptedException {
        EventRoles roles = EventRoles.parse("buy,view=input");
        SplittableRandom random = new SplittableRandom(9);
        List<Interaction> log = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            String item = "i" + random.nextInt(20);
            Instant time = Instant.ofEpochSecond(1_700_000_000 + i);
            log.add(new Interaction("u" + i % 50, item, time, i % 3 == 1 ? "view" : "buy", Double.NaN));
        }
        RunConfig config = RunConfig.defaults()
                .withRead(ReadOptions.defaults().withTypes(null, null, roles.toString()))
                .withData(PrepareOptions.keepAll())
                .withSplit(SplitSpec.parse("leave-one-out"))
                .withModel(SmallModels.ttt(InnerModelType.LINEAR, TttConfig.Backbone.TRANSFORMER)
                        .withTypeFeature(true))
                .withTrain(new TrainConfig(TrainConfig.Loss.CE, SmallModels.MAX_LEN, 0, 128, 0.02, 3, 3));
        TrainedModel model =
                Training.run(config.split().apply(Datasets.of(log, PrepareOptions.keepAll(), roles)), config);
        List<String> items = List.of("i3", "i7", "i7", "i1", "i12");
        List<String> types = List.of("view", "buy", "view", "view", "buy");
        int[] kinds = {1, 0, 1, 1, 0};
        Map<String, Float> expected =
                model.recommend(items, kinds, List.of(), Instant.EPOCH, 100, ItemFilter.NONE).stream()
                        .collect(Collectors.toMap(Recommendation::item, Recommendation::score));
        Map<String, Float> untyped = model.recommend(items, 100).stream()
                .collect(Collectors.toMap(Recommendation::item, Recommendation::score));
        assertThat(expected).isNotEqualTo(untyped);
        try (Engine engine = open(model, "stateless.db", null)) {
            List<EventType> given = types.stream().map(EventType::of).toList();
            compare(
                    engine.recommend(items, given, new ListRequest(100, ItemFilter.NONE)).items().stream()
                            .collect(Collectors.toMap(Recommendation::item, Recommendation::score)),
                    expected);
            ShelfRequest personal =
                    new ShelfRequest("all", ShelfKind.PERSONAL, List.of(), new ListRequest(100, ItemFilter.NONE));
            compare(
                    engine.shelves(items, given, List.of(personal)).shelves().getFirst().list().items().stream()
                            .collect(Collectors.toMap(Recommendation::item, Recommendation::score)),
                    expected);
        }
        for (int part = 0; part < 3; part++) {
            // From memory, continued from the store, and rebuilt from the store.
            try (Engine engine = open(model, "kinds.db", null)) {
                for (int i = 2 * part; i < Math.min(items.size(), 2 * part + 2); i++) {
                    engine.append(event(items.get(i), EventType.of(types.get(i))));
                }
                if (part == 2) {
                    compare(scores(engine), expected);
                    assertThat(engine.user("u").orElseThrow().history()).hasSize(5);
                }
            }
        }
        try (Engine engine = open(model, "kinds.db", null)) {
            compare(scores(engine), expected);
        }
        assertThatThrownBy(() -> open(model, "other.db", EventRoles.parse("buy,*=input")))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("leave --types out");
    }

    private static void compare(Map<String, Float> some, Map<String, Float> others) {
        assertThat(some.keySet()).isEqualTo(others.keySet());
        some.forEach((item, score) -> assertThat(score).isCloseTo(others.get(item), within(1e-4f)));
    }

    @Test
    void negativeEventLowersItsItemUntilATargetOfIt() {
        try (Engine engine = open("events.db", ROLES, 0)) {
            engine.append(event("i3", EventType.of("buy")));
            Map<String, Float> before = scores(engine);
            engine.append(event("i4", EventType.of("remove")));
            Map<String, Float> after = scores(engine);
            before.forEach((item, score) ->
                    assertThat(after.get(item)).isCloseTo(item.equals("i4") ? score - 2 : score, within(1e-4f)));
            engine.append(event("i4", EventType.of("remove")));
            assertThat(scores(engine).get("i4")).isCloseTo(before.get("i4") - 4, within(1e-4f));
        }
        try (Engine engine = open("events.db", ROLES, 0);
                Engine plain = open("plain.db", ROLES, 0)) {
            assertThat(engine.user("u").orElseThrow().history())
                    .extracting(SeenItem::role)
                    .containsExactly(EventRoles.Role.TARGET, EventRoles.Role.NEGATIVE, EventRoles.Role.NEGATIVE);
            engine.append(event("i4", EventType.of("buy")));
            plain.append(event("i3", EventType.of("buy")));
            plain.append(event("i4", EventType.of("buy")));
            compare(scores(engine), scores(plain));
        }
    }

    @Test
    void ignoredEventTakesNoImpressionAndIsNotTrending() {
        try (Engine engine = open("events.db", ROLES, 0)) {
            engine.show(new Impression("u", List.of("i5", "i6"), "home", null, EventTime.nowMicros()));
            engine.append(event("i5", EventType.of("login")));
            engine.append(event("i6", EventType.of("view")));
            assertThat(engine.places().stream()
                            .mapToLong(place -> place.taken())
                            .sum())
                    .isEqualTo(1);
            ShelfRequest trending =
                    new ShelfRequest("", ShelfKind.TRENDING, List.of(), new ListRequest(5, ItemFilter.NONE));
            assertThat(engine.shelves("u", List.of(trending)).shelves().getFirst().list().items().stream()
                            .map(Recommendation::item))
                    .containsExactly("i6");
        }
    }

    @Test
    void storedEventsThatFitNoRuleAreNotedAndNotUsed() {
        try (Engine engine = open("events.db", EventRoles.parse("*"), 0)) {
            engine.append(event("i3", EventType.of("buy")));
            engine.append(event("i4", EventType.of("swipe")));
        }
        try (Engine engine = open("events.db", EventRoles.parse("buy"), 0);
                Engine plain = open("plain.db", EventRoles.parse("buy"), 0)) {
            assertThat(engine.notes()).anySatisfy(note -> assertThat(note).contains("1 stored events fit no rule"));
            plain.append(event("i3", EventType.of("buy")));
            compare(scores(engine), scores(plain));
        }
    }
}
