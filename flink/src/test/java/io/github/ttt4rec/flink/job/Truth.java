package io.github.ttt4rec.flink.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.flink.state.UserEvent;
import io.github.ttt4rec.flink.state.UserRecommendations;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.recommend.Recommendations;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.EngineConfig;
import io.github.ttt4rec.serve.engine.Recommended;
import io.github.ttt4rec.serve.store.Durability;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The recommendations of the library and the server for a log of events, which the job's must equal. */
public final class Truth {
    private static final float TOLERANCE = 1e-5f;

    private final Map<String, List<String>> histories = new HashMap<>();
    private final Set<String> ids = new HashSet<>();
    private int accepted;

    /** Creates the expected results for these events in this order. */
    public Truth(List<UserEvent> events) {
        for (UserEvent event : events) {
            if (event.eventId() == null || ids.add(event.user() + " " + event.eventId())) {
                histories
                        .computeIfAbsent(event.user(), user -> new ArrayList<>())
                        .add(event.item());
                accepted++;
            }
        }
    }

    /** Returns the number of events that are not duplicates. */
    public int accepted() {
        return accepted;
    }

    public Set<String> users() {
        return histories.keySet();
    }

    /** The number of a user's events. */
    public int events(String user) {
        return histories.getOrDefault(user, List.of()).size();
    }

    /** Checks a list of all items against one pass of the library over the items that the default policy reads. */
    public void check(UserRecommendations answer, TrainedModel model) {
        List<String> history = histories.get(answer.user()).subList(0, (int) answer.events());
        assertThat(answer.modelVersion()).isEqualTo(model.version());
        float[] expected = scores(model, history);
        assertThat(answer.personal()).as("%s", answer).isEqualTo(expected.length > 0);
        if (expected.length == 0) {
            return;
        }
        assertThat(answer.items()).hasSize(model.items().size());
        for (Recommendation item : answer.items()) {
            assertThat(item.score())
                    .as("%s, item %s after %s", answer.user(), item.item(), history)
                    .isCloseTo(expected[model.items().indexOf(item.item())], within(TOLERANCE));
        }
    }

    private static float[] scores(TrainedModel model, List<String> history) {
        int[] tokens = history.stream()
                .skip(HistoryPolicy.HOP.start(history.size(), TestModels.MAX_LEN))
                .filter(item -> model.items().indexOf(item) != null)
                .mapToInt(item -> model.items().indexOf(item))
                .toArray();
        if (tokens.length == 0) {
            return new float[0];
        }
        SequenceModel network = model.network();
        int d = network.hiddenSize();
        float[] hidden = network.encode(
                        Tape.forward(), SequenceBatch.of(tokens, new Segments(new int[] {0, tokens.length})))
                .data();
        float[] scores = new float[network.itemCount() + 1];
        network.outputLayer().score(1, Arrays.copyOfRange(hidden, (tokens.length - 1) * d, tokens.length * d), scores);
        return scores;
    }

    /** Returns the server's lists after each event that is not a duplicate, by user and number of events. */
    static Map<String, Recommended> server(TrainedModel model, List<UserEvent> events, Path directory) {
        Map<String, Recommended> answers = new HashMap<>();
        EventStore store =
                EventStore.open(directory.resolve("truth.db"), new StoreConfig(Durability.OFF, 0, Duration.ZERO));
        try (Engine engine = Engine.open(model, store, EngineConfig.defaults())) {
            for (UserEvent event : events) {
                engine.append(new Event(event.user(), event.item(), event.time(), event.eventId()));
                Recommended answer =
                        engine.recommend(event.user(), model.items().size(), ItemFilter.NONE);
                answers.put(event.user() + " " + answer.events(), answer);
            }
        }
        return answers;
    }

    /** Checks that a list equals the server's. */
    static void same(UserRecommendations answer, Recommended server) {
        assertThat(answer.modelVersion()).isEqualTo(server.modelVersion());
        assertThat(answer.events()).isEqualTo(server.events());
        assertThat(answer.personal()).isEqualTo(server.items().basis() == Recommendations.Basis.PERSONAL);
        Map<String, Float> scores = new HashMap<>();
        server.items().forEach(item -> scores.put(item.item(), item.score()));
        assertThat(answer.items()).hasSameSizeAs(server.items());
        for (Recommendation item : answer.items()) {
            assertThat(item.score())
                    .as("%s of %s", item, answer.user())
                    .isCloseTo(scores.get(item.item()), within(TOLERANCE));
        }
    }
}
