package io.github.ttt4rec.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {
    private static final long SEED = 20260131;
    private static final int ITEMS = 200;

    private static Expression parse(String text) {
        return ExpressionParser.parse(text, RandomItems.TYPES);
    }

    @Test
    void randomExpressionsAgreeWithANaiveEvaluation() {
        System.out.println("expressions, seed " + SEED);
        SplittableRandom random = new SplittableRandom(SEED);
        RandomItems source = new RandomItems(random);
        Catalogue catalogue = new Catalogue();
        catalogue.declare(RandomItems.TYPES);
        List<ItemAttributes> items = new ArrayList<>();
        catalogue.rows(IntStream.range(0, ITEMS).mapToObj(i -> "i" + i).toList());
        for (int i = 0; i < ITEMS; i++) {
            items.add(source.item());
            catalogue.put("i" + i, items.get(i));
        }
        int some = 0;
        for (int n = 0; n < 10_000; n++) {
            String text = source.expression(ITEMS);
            Expression expression = parse(text);
            int[] expected = IntStream.range(0, ITEMS)
                    .filter(i -> RandomItems.holds(expression, "i" + i, items.get(i)))
                    .toArray();
            assertThat(catalogue.matching(expression).rows().toArray()).as(text).isEqualTo(expected);
            some += expected.length > 0 && expected.length < ITEMS ? 1 : 0;
            int changed = random.nextInt(ITEMS);
            items.set(changed, source.item());
            catalogue.put("i" + changed, items.get(changed));
        }
        assertThat(some).as("expressions that select some").isGreaterThan(7_000);
    }

    @Test
    void fuzzedExpressionsAreParsedOrRefusedAtAColumn() {
        System.out.println("fuzzed expressions, seed " + SEED);
        SplittableRandom random = new SplittableRandom(SEED);
        RandomItems source = new RandomItems(random);
        int refused = 0;
        for (int n = 0; n < 20_000; n++) {
            String text = fuzzed(random, source.expression(ITEMS));
            try {
                parse(text);
            } catch (InvalidExpressionException e) {
                refused++;
                assertThat(e.column()).as(text).isBetween(1, text.length() + 1);
                assertThat(e.getMessage())
                        .as(text)
                        .startsWith("column " + e.column() + ": ")
                        .doesNotContain("\n");
            }
        }
        assertThat(refused).isGreaterThan(5_000);
    }

    private static String fuzzed(SplittableRandom random, String text) {
        StringBuilder changed = new StringBuilder(text);
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(changed.length() + 1);
            switch (random.nextInt(3)) {
                case 0 ->
                    changed.insert(
                            at, (char) (random.nextInt(8) == 0 ? random.nextInt(0x10000) : 32 + random.nextInt(95)));
                case 1 ->
                    changed.insert(
                            at,
                            List.of(" and ", " not ", "(", ")", "in", "\"", "9e999", ",")
                                    .get(random.nextInt(8)));
                default -> changed.setLength(at);
            }
        }
        return changed.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|1|expected the name of an attribute",
                "price|6|expected =, !=, <",
                "price <|8|expected a number or a string",
                "price < \"a\"|9|'price' is a number, and a string is given",
                "price < 1 price|11|expected 'and', 'or' or the end, found 'price'",
                "(price < 1|11|expected ')', 'and' or 'or', the expression ends",
                "brand < \"a\"|7|'brand' has no order",
                "brand = 3|9|'brand' has words",
                "prize < 3|1|no item has an attribute 'prize', did you mean 'price'?",
                "label in \"a\"|10|expected '(' and values",
                "label in (\"a\"|14|expected ',' or ')'",
                "label = \"a|9|the string that begins here has no end",
                "label = adult|9|expected a number or a string in quotation marks, found 'adult'",
                "category = \"a > b > a\"|12|lies within itself",
                "available_from > \"yesterday\"|18|available_from",
                "price < 1e999|9|the number is too large",
                "price ~ 3|7|'~' means nothing here",
                "not|4|expected the name of an attribute",
                "has 3|5|expected the name of an attribute",
                "price not < 3|11|expected 'in'",
            })
    void errorsPointAtTheWrongColumn(String text, int column, String problem) {
        InvalidExpressionException error =
                catchThrowableOfType(InvalidExpressionException.class, () -> parse(text == null ? "" : text));
        assertThat(error).hasMessageContaining(problem);
        assertThat(error.column()).isEqualTo(column);
    }

    @Test
    void expressionsBeyondTheLimitsAreRefused() {
        assertThatThrownBy(() -> parse("not ".repeat(40) + "has price")).hasMessageContaining("32 levels deep");
        assertThatThrownBy(() -> parse("has price" + " or has price".repeat(64)))
                .hasMessageContaining("more than 64 tests");
        assertThatThrownBy(() -> parse("price in (1" + ",1".repeat(1000) + ")"))
                .hasMessageContaining("more than 1000 values");
        assertThatThrownBy(() -> parse(" ".repeat(5000))).hasMessageContaining("at most 4096 characters");
    }

    @Test
    void timesAreComparedAsTimes() {
        Catalogue catalogue = new Catalogue();
        catalogue.put(
                "a",
                new ItemAttributes(
                        null,
                        null,
                        null,
                        List.of(),
                        List.of(),
                        Map.of(),
                        AttributeJson.window(AttributeJson.time("t", "2026-01-31"), Long.MAX_VALUE)));
        assertThat(catalogue
                        .matching(parse("available_from >= \"2026-01-31\""))
                        .rows()
                        .toArray())
                .containsExactly(0);
        assertThat(catalogue
                        .matching(parse("available_from > '2026-01-31T00:00:00Z'"))
                        .rows()
                        .toArray())
                .isEmpty();
        assertThat(catalogue.matching(parse("has available_until")).rows().toArray())
                .isEmpty();
    }

    @Test
    void attributeKeepsItsType() {
        Catalogue catalogue = new Catalogue();
        catalogue.declare(RandomItems.TYPES);
        ItemAttributes words = new ItemAttributes(
                null,
                null,
                null,
                List.of(),
                List.of(),
                Map.of("price", new AttributeValue.Words(List.of("cheap"))),
                TimeWindow.ALWAYS);
        assertThatThrownBy(() -> catalogue.newTypes(List.of(new ItemRecord("mug", words))))
                .hasMessage(
                        "price of item 'mug': is of type words, but the first item with it had type number: an attribute"
                                + " keeps its type, so take another name");
    }
}
