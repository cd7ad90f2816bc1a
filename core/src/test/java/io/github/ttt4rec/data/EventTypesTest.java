package io.github.ttt4rec.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.read.Datasets;
import io.github.ttt4rec.eval.EvaluationOptions;
import io.github.ttt4rec.eval.EvaluationReport;
import io.github.ttt4rec.eval.EvaluationResult;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.recommend.Popularity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules by type and value select the events of a log to read; the others are counted. */
class EventTypesTest {
    private static final ReadOptions READ = ReadOptions.defaults();
    private static final String ROWS = """
            user,item,event,rating,time
            u,a,view,,1388874300
            u,b,cart,,1388874301
            u,c,buy,5,1388874302
            v,a,buy,3.5,1388874303
            v,b,view,,1388874304
            v,d,remove,-1,1388874305
            """;

    @TempDir
    private Path directory;

    private Path csv() {
        return file("log.csv", ROWS);
    }

    private Path file(String name, String content) {
        try {
            return Files.writeString(directory.resolve(name), content);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static LoadedData load(Path file, ReadOptions options) {
        return Datasets.load(file, options, PrepareOptions.keepAll());
    }

    private static List<String> items(LoadedData loaded) {
        return Event.of(loaded.dataset()).stream().map(Event::item).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            buy,*=ignored                        | c,a
            buy,cart,view=ignored,remove=ignored | b,c,a
            view=ignored,*                       | b,c,a,d
            * = target                           | a,b,c,a,b,d
            buy >= 4, *=ignored                  | c
            >= 3.5, =ignored                     | c,a
            remove=ignored, <0=ignored, buy<4=ignored, * | a,b,c,b
            """)
    void firstRuleThatFitsDecides(String rules, String items) {
        LoadedData loaded = load(csv(), READ.withTypes("event", "rating", rules));
        assertThat(items(loaded)).containsExactly(items.split(","));
    }

    @Test
    void eventsAreCountedByTypeAndTheReadingKeepsTheRules() {
        LoadedData loaded = load(csv(), READ.withTypes("event", null, "buy,cart,*=ignored"));
        assertThat(loaded.report().notices())
                .containsExactly(
                        "by --types, targets: 1 of type \"cart\", 2 of type \"buy\"; inputs: none; ignored: 2 of type"
                                + " \"view\", 1 of type \"remove\"");
        assertThat(loaded.report().rows()).isEqualTo(6);
        assertThat(loaded.report().badRows()).isZero();
        assertThat(loaded.report().summary()).endsWith("; events by --types \"buy,cart,*=ignored\"");
        assertThat(items(load(csv(), loaded.report().resolved()))).containsExactly("b", "c", "a");
    }

    private static final String SHOP = """
            user,item,event,time
            u,a,view,1388874300
            u,a,buy,1388874301
            u,b,view,1388874302
            u,b,buy,1388874303
            u,c,view,1388874304
            u,d,view,1388874305
            u,d,buy,1388874306
            u,e,view,1388874307
            v,a,view,1388874300
            v,b,view,1388874301
            """;

    private Dataset shop(Deduplication deduplication) {
        return Datasets.load(
                        file("shop.csv", SHOP),
                        READ.withTypes("event", null, "buy,view=input"),
                        PrepareOptions.keepAll().withDeduplication(deduplication))
                .dataset();
    }

    @Test
    void inputsStayInHistoriesAndAreNoCases() {
        Dataset data = shop(Deduplication.NONE);
        assertThat(data.eventCount()).isEqualTo(10);
        Split split = SplitSpec.parse("leave-one-out").apply(data);
        assertThat(split.cases(Split.Part.TEST)).isEqualTo(1);
        assertThat(split.from(Split.Part.TEST, 0)).isEqualTo(6);
        assertThat(split.from(Split.Part.VALIDATION, 0)).isEqualTo(3);
        assertThat(split.cases(Split.Part.TRAIN)).isEqualTo(1);
        assertThat(split.trainingLength(1)).isEqualTo(2);
        assertThat(split.describe()).isEqualTo("leave-one-out, targets of --types only");
    }

    @Test
    void temporalSplitCountsTargetsAsCases() {
        Split split = SplitSpec.parse("temporal:1388874303,1388874305").apply(shop(Deduplication.NONE));
        assertThat(split.cases(Split.Part.TRAIN)).isEqualTo(1);
        assertThat(split.cases(Split.Part.VALIDATION)).isEqualTo(1);
        assertThat(split.cases(Split.Part.TEST)).isEqualTo(1);
        assertThat(Popularity.counts(split)).containsExactly(0, 1, 0, 0, 0, 0);
    }

    @Test
    void deduplicationTellsInputsFromTargets() {
        assertThat(shop(Deduplication.FIRST_PER_USER_ITEM).eventCount()).isEqualTo(10);
        assertThat(shop(Deduplication.CONSECUTIVE).eventCount()).isEqualTo(10);
        Dataset same = Datasets.load(
                        file("same.csv", "user,item,event,time\nu,a,view,5\nu,a,buy,5\nu,a,view,5\n"),
                        READ.withTypes("event", null, "buy,view=input"),
                        PrepareOptions.keepAll().withDeduplication(Deduplication.EXACT))
                .dataset();
        assertThat(same.eventCount()).isEqualTo(2);
        assertThat(same.isTarget(0, 0)).isFalse();
        assertThat(same.isTarget(0, 1)).isTrue();
    }

    @Test
    void inputsKeepTheirRoleThroughFiltersAndOrder() {
        Dataset data = Datasets.load(
                        file(
                                "late.csv",
                                "user,item,event,time\nw,z,buy,1\nu,b,buy,9\nu,a,view,3\nu,c,view,5\nu,a,buy,7\n"),
                        READ.withTypes("event", null, "buy,view=input").withTimeUnit(EpochUnit.ORDINAL),
                        PrepareOptions.keepAll().withCore(2, 1))
                .dataset();
        assertThat(Event.of(data)).extracting(Event::item).containsExactly("a", "c", "a", "b");
        assertThat(IntStream.range(0, 4).filter(p -> data.isTarget(0, p))).containsExactly(2, 3);
        Dataset known = Datasets.withItems(data, data.items());
        assertThat(IntStream.range(0, 4).filter(p -> known.isTarget(0, p))).containsExactly(2, 3);
    }

    @Test
    void evaluationRanksTargetsAlone() throws InterruptedException {
        Split split = SplitSpec.parse("leave-one-out").apply(shop(Deduplication.NONE));
        EvaluationResult result =
                new Evaluator(EvaluationOptions.defaults("all")).evaluate(Popularity.of(split), split, Split.Part.TEST);
        assertThat(EvaluationReport.table(result))
                .contains("targets of --types only")
                .contains("1 ");
    }

    @Test
    void negativeEventsAreNotReadAndCounted() {
        LoadedData loaded = load(csv(), READ.withTypes("event", null, "buy,view=input,remove=negative*2,*=ignored"));
        assertThat(items(loaded)).containsExactly("a", "c", "a", "b");
        assertThat(loaded.report().notices().getFirst()).contains("negative: 1 of type \"remove\"");
    }

    @Test
    void eventsInMemoryHaveTheSameRoles() {
        List<Interaction> events = List.of(
                new Interaction("u", "a", Instant.EPOCH, "view", Double.NaN),
                new Interaction("u", "b", Instant.EPOCH.plusSeconds(1), "rating", 4),
                new Interaction("u", "c", Instant.EPOCH.plusSeconds(2), "rating", 3));
        Dataset data = Datasets.of(
                events, PrepareOptions.keepAll(), EventRoles.parse("rating >= 4, view=input, rating=ignored"));
        assertThat(Event.of(data)).extracting(Event::item).containsExactly("a", "b");
        assertThat(data.isTarget(0, 0)).isFalse();
        assertThat(data.isTarget(0, 1)).isTrue();
        assertThatThrownBy(() -> Datasets.of(events, PrepareOptions.keepAll(), EventRoles.parse("view")))
                .isInstanceOf(UserFacingException.class)
                .hasMessage("event 2: the type \"rating\" fits no rule of --types; name it there, or end the rules with"
                        + " *=ignored");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            view=ignored*2  | ignored events have no weight
            view=input*0    | a weight is above 0 and at most 1000
            skip=negative*0 | a weight is above 0 and at most 1000
            skip=negative*x | is not a rule
            buy*2           | a weight follows a role, as in "buy=target*2"
            """)
    void wrongWeightIsRefused(String rules, String because) {
        assertThatThrownBy(() -> EventRoles.parse(rules))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining(because);
    }

    @Test
    void kindsAreNumberedWithTargetsFirst() {
        EventRoles roles = EventRoles.parse("view=input,hide=negative*2,buy=target*3,buy=target*3,cart,*=input*0.5");
        assertThat(roles.kinds()).extracting(EventRoles.Rule::type).containsExactly("buy", "buy", "cart", "view", "");
        assertThat(roles.kinds()).extracting(EventRoles.Rule::weight).containsExactly(3.0, 3.0, 1.0, 0.0, 0.5);
        for (String type : List.of("buy", "cart", "view", "other")) {
            EventRoles.Rule rule = roles.of(type, Double.NaN);
            assertThat(rule).isNotNull().isEqualTo(roles.kinds().get(rule == null ? 0 : rule.kind()));
        }
        assertThat(roles.of("hide", Double.NaN))
                .extracting(EventRoles.Rule::kind)
                .isEqualTo(-1);
        assertThatThrownBy(() -> EventRoles.parse("a,".repeat(127) + "a"))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("128 rules read events; at most 127 may");
    }

    @Test
    void kindsStayWithTheirEventsThroughFiltersAndOrder() {
        ReadOptions options = READ.withTypes("event", null, "buy,view=input,cart=input*0.5,remove=ignored");
        Dataset data = load(csv(), options).dataset();
        assertThat(Event.of(data)).extracting(Event::item).containsExactly("a", "b", "c", "a", "b");
        assertThat(data.kinds()).isNotNull();
        assertThat(data.kinds() == null ? null : data.kinds().ofEvent()).containsExactly(1, 2, 0, 0, 1);
        assertThat(data.lossWeight(0, 1)).isEqualTo(0.5f);
        assertThat(data.lossWeight(0, 0)).isZero();
        Dataset known = Datasets.withItems(data, data.items());
        assertThat(known.kinds() == null ? null : known.kinds().ofEvent()).containsExactly(1, 2, 0, 0, 1);
        assertThat(load(csv(), READ.withTypes("event", null, "buy,*=ignored"))
                        .dataset()
                        .kinds())
                .as("one kind of targets needs no kinds")
                .isNull();
    }

    @Test
    void logWithoutRulesIsReadWhole() {
        assertThat(items(load(csv(), READ))).hasSize(6);
        assertThat(load(csv(), READ).report().notices()).isEmpty();
    }

    @Test
    void rowThatIsIgnoredMayLackWhatOthersNeed() {
        Path file = file("log.csv", "user,item,event,time\nu,a,buy,1388874300\n,,login,1388874301\n");
        assertThat(items(load(file, READ.withTypes("event", null, "buy,login=ignored"))))
                .containsExactly("a");
    }

    @Test
    void jsonHasTypesAndValuesToo() {
        Path file = file("log.jsonl", """
                {"user": "u", "item": "a", "event": {"type": "view"}, "rating": 2, "time": 1388874300}
                {"user": "u", "item": "b", "event": {"type": "rate"}, "rating": 4, "time": 1388874301}
                {"user": "u", "item": "c", "event": {"type": "rate"}, "rating": 3.9, "time": 1388874302}
                {"user": "u", "item": "d", "event": {"type": null}, "rating": null, "time": 1388874303}
                """);
        assertThat(items(load(file, READ.withTypes("event.type", "rating", "rate >= 4, *=ignored"))))
                .containsExactly("b");
    }

    @Test
    void parquetHasTypesToo() {
        Path file = Path.of("src/test/resources/logs/types.parquet");
        assertThat(items(load(file, READ.withTypes("event", null, "view=ignored,*"))))
                .containsExactly("b", "c");
        assertThat(items(load(file, READ.withTypes("event", "rating", "buy>4.25,*=ignored"))))
                .containsExactly("b");
    }

    @Test
    void eventThatFitsNoRuleIsABadRow() {
        ReadOptions options = READ.withTypes("event", null, "buy,view=ignored");
        assertThatThrownBy(() -> load(csv(), options))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("line 3: column \"event\": the type \"cart\" fits no rule of --types")
                .hasMessageContaining("*=ignored");
        assertThat(load(csv(), options.withSkipBadRows(true)).report().badRows())
                .isEqualTo(2);
        assertThatThrownBy(() -> load(csv(), READ.withTypes("event", null, "rent,*=ignored")))
                .hasMessageContaining("--types ignores every event");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
            event | -      | >= 4            | name their column by --value-column
            event | rating | buy=perhaps     | "perhaps" is not a role; roles are target, input, negative and ignored
            event | rating | buy,            | "" is not a rule
            event | rating | buy > x         | "buy > x" is not a rule
            event | -      | -               | need --types
            kind  | -      | buy             | no column is called "kind"
            event | event2 | *               | no column is called "event2"
            item  | -      | buy             | "item" was given for types or values and for another role
            """)
    void rulesThatCannotBeAreRefused(String type, String value, String rules, String message) {
        assertThatThrownBy(() -> load(csv(), READ.withTypes(type, value, rules)))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"event_type", "type", "event", "Action", "behavior", "behaviour", "interaction_type"})
    void columnOfTypesIsFoundByItsName(String name) {
        Path file = file("log.csv", "user,item," + name + ",time\nu,a,buy,1388874300\nu,b,view,1388874301\n");
        LoadedData read = load(file, READ.withTypes(null, null, "buy,view=ignored"));
        assertThat(items(read)).containsExactly("a");
        assertThat(read.report().notices())
                .anyMatch(line ->
                        line.contains("the types are taken from \"" + name + "\" (--type-column names another)"));
        assertThat(read.report().resolved().typeColumn()).isEqualTo(name);
    }

    @Test
    void columnOfTypesIsNotGuessedIfSeveralOrNoneFit() {
        Path two = file("two.csv", "user,item,event,type,time\nu,a,buy,x,1388874300\n");
        assertThatThrownBy(() -> load(two, READ.withTypes(null, null, "buy")))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining(
                        "the columns \"event\", \"type\" could all hold them; name theirs by --type-column");
        assertThat(items(load(two, READ.withTypes("type", null, "x")))).containsExactly("a");
        Path none = file("none.csv", "user,item,time\nu,a,1388874300\n");
        assertThatThrownBy(() -> load(none, READ.withTypes(null, null, "buy")))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("name their column by --type-column");
        assertThat(items(load(two, READ.withTypes(null, null, "*")))).containsExactly("a");
    }

    @Test
    void valueThatIsNoNumberIsABadRow() {
        Path file = file("log.csv", "user,item,rating,time\nu,a,5,1388874300\nu,b,good,1388874301\n");
        assertThatThrownBy(() -> load(file, READ.withTypes(null, "rating", ">=4,*=ignored")))
                .hasMessageContaining("line 3: the value \"good\" is not a number");
    }
}
