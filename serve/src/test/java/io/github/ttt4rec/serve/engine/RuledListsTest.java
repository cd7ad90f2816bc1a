package io.github.ttt4rec.serve.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.catalogue.AttributeValue;
import io.github.ttt4rec.catalogue.Category;
import io.github.ttt4rec.catalogue.Expression;
import io.github.ttt4rec.catalogue.ExpressionParser;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.catalogue.ItemRecord;
import io.github.ttt4rec.catalogue.Rule;
import io.github.ttt4rec.catalogue.Scenario;
import io.github.ttt4rec.catalogue.TimeWindow;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.recommend.Recommendations.Basis;
import io.github.ttt4rec.serve.SmallModels;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that lists under rules equal a simple walk down the whole ranking. */
class RuledListsTest {
    private static final int ITEMS = 60;
    private static final TrainedModel MODEL = SmallModels.of(ITEMS, 1);

    @TempDir
    private Path directory;

    private Engine engine;
    private final List<ItemAttributes> items = new ArrayList<>();

    @BeforeEach
    void open() {
        engine = Engine.open(
                MODEL, EventStore.open(directory.resolve("s.db"), StoreConfig.defaults()), EngineConfig.defaults());
        engine.append(List.of(new Event("anna", "i3", 1, null), new Event("anna", "i4", 2, null)));
        List<ItemRecord> records = new ArrayList<>();
        for (int i = 0; i < ITEMS; i++) {
            items.add(new ItemAttributes(
                    null,
                    null,
                    "g" + i / 2,
                    List.of(new Category(List.of("c" + i % 4, "d" + i % 12))),
                    List.of("l" + i % 7),
                    Map.of("brand", new AttributeValue.Words(List.of("b" + i % 5, "b" + (i + 1) % 5))),
                    TimeWindow.ALWAYS));
            records.add(new ItemRecord("i" + i, items.get(i)));
        }
        engine.putItems(records);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private Expression where(String text) {
        return ExpressionParser.parse(text, engine.catalogue().types());
    }

    private Recommended list(String user, int k, Rule... rules) {
        return engine.recommend(
                user,
                new ListRequest(k, ItemFilter.NONE, null, new Scenario("s", null, null, null, null, List.of(rules))));
    }

    @Test
    void listUnderRandomRulesIsThatOfAPlainWalk() {
        long seed = 11;
        System.out.println("lists under rules, seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int n = 0; n < 400; n++) {
            String user = random.nextBoolean() ? "anna" : "nobody";
            List<Rule> rules = new ArrayList<>();
            int label = random.nextInt(7);
            int category = random.nextInt(4);
            double factor = List.of(0.1, 3.0, 50.0).get(random.nextInt(3));
            double other = List.of(0.5, 2.0).get(random.nextInt(2));
            rules.add(new Rule.Never("never", where("label = 'l" + label + "'")));
            rules.add(new Rule.Boost("boost", where("category = 'c" + category + "'"), factor));
            rules.add(new Rule.Boost("boost too", where("brand = 'b2'"), other));
            int perCategory = 1 + random.nextInt(3);
            int perBrand = 2 + random.nextInt(3);
            rules.add(new Rule.AtMost("categories", perCategory, "category", 1));
            rules.add(new Rule.AtMost("brands", perBrand, "brand", 1));
            rules.add(new Rule.AtMost("groups", 1, "group", 1));
            int k = 1 + random.nextInt(12);

            List<Recommendation> all = new ArrayList<>();
            Recommended whole = engine.recommend(user, ITEMS, ItemFilter.NONE);
            boolean logits = whole.items().basis() == Basis.PERSONAL;
            for (Recommendation each : whole.items()) {
                int i = index(each);
                double by = (i % 4 == category ? factor : 1) * (i % 5 == 2 || (i + 1) % 5 == 2 ? other : 1);
                all.add(new Recommendation(
                        each.item(), (float) (logits ? each.score() + Math.log(by) : each.score() * by)));
            }
            all.sort(Comparator.comparingDouble(Recommendation::score)
                    .reversed()
                    .thenComparing(each -> MODEL.items().indexOf(each.item())));
            List<Recommendation> expected = new ArrayList<>();
            Map<String, Integer> used = new HashMap<>();
            for (Recommendation each : all) {
                int i = index(each);
                boolean fits = i % 7 != label
                        && used.getOrDefault("c" + i % 4, 0) < perCategory
                        && used.getOrDefault("b" + i % 5, 0) < perBrand
                        && used.getOrDefault("b" + (i + 1) % 5, 0) < perBrand
                        && used.getOrDefault("g" + i / 2, 0) < 1;
                if (fits && expected.size() < k) {
                    expected.add(each);
                    List.of("c" + i % 4, "b" + i % 5, "b" + (i + 1) % 5, "g" + i / 2)
                            .forEach(value -> used.merge(value, 1, Integer::sum));
                }
            }
            assertThat(list(user, k, rules.toArray(Rule[]::new)).items()).isEqualTo(expected);
        }
    }

    private static int index(Recommendation item) {
        return Integer.parseInt(item.item().substring(1));
    }

    @Test
    void pinnedItemsAreAtTheirPlacesAndCountForTheOtherRules() {
        List<String> plain = names(engine.recommend("anna", 8, ItemFilter.NONE));
        String last = plain.get(7);
        Recommended pinned = list("anna", 4, new Rule.Pin("p", last, 2));
        assertThat(names(pinned)).containsExactly(plain.get(0), last, plain.get(1), plain.get(2));
        assertThat(pinned.pinned()).containsExactly(last);
        assertThat(names(list("anna", 3, new Rule.Pin("p", "nothing", 1)))).isEqualTo(plain.subList(0, 3));
        assertThat(names(list(
                        "anna", 3, new Rule.Pin("p", last, 1), new Rule.Never("n", where("item = '" + last + "'")))))
                .isEqualTo(plain.subList(0, 3));
        assertThat(names(
                        list("anna", 3, new Rule.Only("o", where("item in ('i1', 'i2')")), new Rule.Pin("p", "i1", 3))))
                .containsExactly("i2", "i1");
        assertThat(names(list("anna", 60, new Rule.Pin("p", "i8", 1), new Rule.AtMost("g", 1, "group", 1))))
                .startsWith("i8")
                .doesNotContain("i9")
                .hasSize(30);
    }

    @Test
    void ruleThatLeavesNothingIsNamed() {
        Rule[] rules = {
            new Rule.Only("cheap", where("category = 'c1'")),
            new Rule.Never("all of them", where("has category")),
            new Rule.Never("later", where("has item"))
        };
        Recommended empty = list("anna", 5, rules);
        assertThat(empty.items()).isEmpty();
        assertThat(empty.items().basis()).isEqualTo(Basis.PERSONAL);
        assertThat(empty.emptiedBy()).isEqualTo("all of them");
        Recommended filtered = engine.recommend(
                "anna",
                new ListRequest(
                        5,
                        ItemFilter.NONE,
                        where("group = 'none'"),
                        new Scenario("s", 1, true, null, null, List.of(rules))));
        assertThat(filtered.emptiedBy()).isEqualTo(Recommended.FILTER);
    }

    private static List<String> names(Recommended list) {
        return list.items().stream().map(Recommendation::item).toList();
    }
}
