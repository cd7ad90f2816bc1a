package io.github.ttt4rec.api;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.Interaction;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.read.Datasets;
import io.github.ttt4rec.hybrid.HybridConfig;
import io.github.ttt4rec.recommend.CaseBlock;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.recommend.RecommenderConfig;
import io.github.ttt4rec.ttt.TttConfig;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The type of an event as an input of the network, in training and on every road to a list. */
class TypeFeatureTest {
    private static final String RULES = "look=input,buy,ask=input";
    private static final Instant START = Instant.ofEpochSecond(1_600_000_000);

    @TempDir
    private Path directory;

    /** A purchase is of i0 after a look, and of i1 after a question, on any item. */
    private static List<Interaction> events() {
        SplittableRandom random = new SplittableRandom(3);
        List<Interaction> events = new ArrayList<>();
        for (int user = 0; user < 150; user++) {
            for (int t = 0; t < 12; t += 2) {
                boolean look = random.nextBoolean();
                String item = "i" + random.nextInt(Logs.ITEMS);
                events.add(event(user, item, t, look ? "look" : "ask"));
                events.add(event(user, look ? "i0" : "i1", t + 1, "buy"));
            }
        }
        return events;
    }

    private static Interaction event(int user, String item, int t, String type) {
        return new Interaction("u" + user, item, time(t), type, Double.NaN);
    }

    private static Instant time(int t) {
        return START.plusSeconds(1000L * t);
    }

    private static Dataset data(String rules) {
        return Datasets.of(events(), PrepareOptions.keepAll(), EventRoles.parse(rules));
    }

    private static TttConfig network(boolean typeFeature) {
        return ((TttConfig) Logs.small(1).model()).withTypeFeature(typeFeature);
    }

    private static TrainedModel train(RecommenderConfig model, Dataset data, int epochs) throws InterruptedException {
        EventRoles roles = EventRoles.parse(RULES);
        RunConfig config = Logs.small(epochs)
                .withModel(model)
                .withRead(ReadOptions.defaults().withTypes(null, null, roles.toString()));
        return Training.run(config.split().apply(data), config);
    }

    private static double quality(TrainedModel model, Dataset data) throws InterruptedException {
        Split split = model.config().split().apply(data);
        return model.evaluate(split).value("NDCG@10");
    }

    @Test
    void networkLearnsWhatTheTypeTells() throws InterruptedException {
        Dataset data = data(RULES);
        // Without the type, half of the purchases are guessed at the second rank, which is worth 0.63.
        assertThat(quality(train(network(false), data, 8), data)).isLessThan(0.9);
        assertThat(quality(train(network(true), data, 8), data)).isGreaterThan(0.97);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ttt4rec", "hybrid"})
    void sessionsAndListsReadTypesAsTheEvaluationDoes(String type) throws InterruptedException {
        RecommenderConfig config =
                type.equals("hybrid") ? HybridConfig.defaults().withNetwork(network(true)) : network(true);
        Dataset data = data(RULES);
        TrainedModel trained = train(config, data, 2);
        trained.save(directory.resolve(type));
        TrainedModel model = TrainedModel.load(directory.resolve(type));
        assertThat(model.version()).isEqualTo(trained.version());
        assertThat(model.readsKinds()).isTrue();
        List<Interaction> events = events();
        int width = model.items().size() + 1;
        double difference = 0;
        for (int user = 0; user < 20; user++) {
            int before = 1 + user % 7;
            float[] expected = new float[width];
            model.recommender().newScorer().score(new CaseBlock(data, new int[] {user}, new int[] {before}), expected);
            List<Interaction> history = events.subList(12 * user, 12 * user + before);
            Instant now = time(before);
            Session session = model.newSession();
            for (int t = 0; t < before; t++) {
                Interaction event = history.get(t);
                session.append(event.item(), time(t), event.type(), event.value());
            }
            int one = user;
            int[] kinds = IntStream.range(0, before)
                    .map(position -> data.kind(one, position))
                    .toArray();
            float[] streamed = session.score(now);
            for (int item = 1; item < width; item++) {
                assertThat(streamed[item]).isCloseTo(expected[item], within(1e-4f));
            }
            List<Recommendation> list = model.recommend(
                    history.stream().map(Interaction::item).toList(),
                    kinds,
                    IntStream.range(0, before).mapToObj(TypeFeatureTest::time).toList(),
                    now,
                    5,
                    ItemFilter.NONE);
            for (Recommendation each : list) {
                int item = requireNonNull(model.items().indexOf(each.item()));
                assertThat(each.score()).isCloseTo(expected[item], within(1e-4f));
            }
            Session untyped = model.newSession();
            for (int t = 0; t < before; t++) {
                untyped.append(history.get(t).item(), time(t));
            }
            difference = Math.max(difference, Math.abs(untyped.score(now)[1] - expected[1]));
        }
        assertThat(difference).as("types matter").isGreaterThan(1e-3);
    }

    @Test
    void modelWithoutTheFeatureHasNoKeyAndNoParameterOfIt() throws InterruptedException {
        TrainedModel without = train(network(false), data(RULES), 1);
        assertThat(RunConfigs.toMap(without.config()).toString()).doesNotContain("type_feature");
        assertThat(without.network().parameters().all())
                .noneMatch(parameter -> parameter.name().startsWith("kind"));
        TrainedModel with = train(network(true), data(RULES), 1);
        assertThat(RunConfigs.toMap(with.config()).toString()).contains("type_feature=true");
        assertThat(with.network().parameters().all())
                .hasSize(without.network().parameters().all().size() + 1);
    }

    @Test
    void featureNeedsSeveralKindsOfEvents() {
        Dataset purchases = data("buy,*=ignored");
        assertThatThrownBy(() -> train(network(true), purchases, 1))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("model.type_feature: events in memory has events of one kind only");
    }

    @Test
    void otherRulesAndUnknownTypesAreRefused() throws InterruptedException {
        TrainedModel model = train(network(true), data(RULES), 1);
        assertThatThrownBy(() -> model.requireKinds(EventRoles.parse("buy,*=input")))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("leave --types out");
        model.requireKinds(EventRoles.parse(RULES));
        assertThatThrownBy(() -> model.newSession().append("i0", START, "sell", Double.NaN))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("the type \"sell\" fits no rule");
    }
}
