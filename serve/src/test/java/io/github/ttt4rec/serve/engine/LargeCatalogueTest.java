package io.github.ttt4rec.serve.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.api.ModelReader;
import io.github.ttt4rec.api.NewItem;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.internal.retrieval.ExactScan;
import io.github.ttt4rec.internal.retrieval.Request;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.serve.SmallModels;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that requests that share passes over the catalogue get the same lists as separate scans, with any filter. */
class LargeCatalogueTest {
    private static final long SEED = 9;
    private static final int ITEMS = ModelLists.SHARED_FROM;
    private static final Set<String> DENIED = Set.of("i3", "n7", "n4711");

    @TempDir
    private Path directory;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final TrainedModel model = large();

    private static TrainedModel large() {
        TrainedModel small = SmallModels.of(20, 1);
        TrainedModel large = small.withItems(IntStream.range(20, ITEMS)
                .mapToObj(i -> new NewItem("n" + i, List.of("i0")))
                .toList());
        large.network().parameters().initialize(SEED);
        return large;
    }

    private record Asked(List<String> history, int k, ItemFilter filter) {}

    @Test
    void batchGivesEachRequestTheListOfItsOwnScan() throws InterruptedException, ExecutionException {
        List<Asked> asked = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            List<String> history = names(1 + random.nextInt(SmallModels.MAX_LEN));
            ItemFilter filter = switch (i % 4) {
                case 0 -> ItemFilter.NONE;
                case 1 -> ItemFilter.UNSEEN;
                case 2 -> new ItemFilter(null, names(30), true);
                default -> new ItemFilter(names(i % 8 == 3 ? 50 : 5000), names(10), false);
            };
            asked.add(new Asked(history, 1 + random.nextInt(20), filter));
        }
        List<Future<List<Recommendation>>> answers = new ArrayList<>();
        try (Engine engine = Engine.open(
                        model,
                        EventStore.open(directory.resolve("state.db"), StoreConfig.defaults()),
                        EngineConfig.defaults());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            engine.deny(DENIED);
            for (Asked one : asked) {
                answers.add(threads.submit(
                        () -> engine.recommend(one.history, one.k, one.filter).items()));
            }
            for (int i = 0; i < asked.size(); i++) {
                assertThat(answers.get(i).get())
                        .as("request " + i + ", seed " + SEED)
                        .isEqualTo(alone(asked.get(i)));
            }
        }
    }

    private List<String> names(int count) {
        return random.ints(count, 0, ITEMS)
                .mapToObj(i -> i < 20 ? "i" + i : "n" + i)
                .toList();
    }

    private BitSet indices(Iterable<String> names) {
        BitSet indices = new BitSet();
        for (String name : names) {
            Integer index = model.items().indexOf(name);
            indices.set(index == null ? 0 : index);
        }
        return indices;
    }

    private List<Recommendation> alone(Asked asked) {
        ModelReader reader = model.newReader();
        int[] history = asked.history.stream()
                .mapToInt(name -> indices(List.of(name)).length() - 1)
                .toArray();
        float[] hidden = reader.append(model.network().newState(), history);
        BitSet allowed = new BitSet();
        allowed.set(1, ITEMS + 1);
        if (asked.filter.only() != null) {
            allowed.and(indices(asked.filter.only()));
        }
        allowed.andNot(indices(asked.filter.exclude()));
        allowed.andNot(indices(DENIED));
        if (asked.filter.excludeSeen()) {
            allowed.andNot(indices(asked.history));
        }
        return model.named(new ExactScan(model.network().outputLayer()).top(new Request(hidden, asked.k, allowed)));
    }
}
