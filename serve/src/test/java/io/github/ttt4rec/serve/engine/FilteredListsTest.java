package io.github.ttt4rec.serve.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.catalogue.AttributeType;
import io.github.ttt4rec.catalogue.AttributeValue;
import io.github.ttt4rec.catalogue.Category;
import io.github.ttt4rec.catalogue.Expression;
import io.github.ttt4rec.catalogue.ExpressionParser;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.catalogue.ItemRecord;
import io.github.ttt4rec.catalogue.TimeWindow;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.serve.SmallModels;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that a filtered list equals the unfiltered list of the whole catalogue without the items that the filter
 * excludes.
 */
class FilteredListsTest {
    private static final int ITEMS = 60;
    private static final int K = 7;

    @TempDir
    private Path directory;

    @Test
    void filteredListIsExact() {
        long seed = 5;
        System.out.println("filtered lists, seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        TrainedModel model = SmallModels.of(ITEMS, 1);
        try (Engine engine = Engine.open(
                model, EventStore.open(directory.resolve("s.db"), StoreConfig.defaults()), EngineConfig.defaults())) {
            engine.append(List.of(new Event("anna", "i3", 1, null), new Event("anna", "i4", 2, null)));
            List<ItemRecord> items = new ArrayList<>();
            for (int i = 0; i < ITEMS; i++) {
                items.add(new ItemRecord(
                        "i" + i,
                        new ItemAttributes(
                                null,
                                null,
                                null,
                                List.of(new Category(List.of("c" + i % 5, "d" + i % 2))),
                                List.of("l" + random.nextInt(3)),
                                Map.of("price", new AttributeValue.Quantity(random.nextInt(100))),
                                TimeWindow.ALWAYS)));
            }
            engine.putItems(items);
            Map<String, AttributeType> types = engine.catalogue().types();
            for (String user : List.of("anna", "nobody")) {
                List<Recommendation> all =
                        engine.recommend(user, ITEMS, ItemFilter.NONE).items();
                for (int n = 0; n < 300; n++) {
                    int above = random.nextInt(100);
                    int category = random.nextInt(5);
                    int label = random.nextInt(3);
                    Expression where = ExpressionParser.parse(
                            "price > " + above + " or category = 'c" + category + "' and label != 'l" + label + "'",
                            types);
                    List<Recommendation> expected = all.stream()
                            .filter(each -> {
                                int i = Integer.parseInt(each.item().substring(1));
                                ItemAttributes item = items.get(i).attributes();
                                return ((AttributeValue.Quantity) item.values().get("price")).value() > above
                                        || (i % 5 == category && !item.labels().contains("l" + label));
                            })
                            .limit(K)
                            .toList();
                    assertThat(engine.recommend(user, new ListRequest(K, ItemFilter.NONE, where, null))
                                    .items())
                            .isEqualTo(expected);
                }
            }
        }
    }
}
