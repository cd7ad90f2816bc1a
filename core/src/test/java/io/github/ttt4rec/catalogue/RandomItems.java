package io.github.ttt4rec.catalogue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Random items and expressions, and a second, straightforward evaluation of expressions. */
public final class RandomItems {
    /** The types of the attributes that items have. */
    public static final Map<String, AttributeType> TYPES = Map.of(
            "price",
            AttributeType.NUMBER,
            "weight",
            AttributeType.NUMBER,
            "brand",
            AttributeType.WORDS,
            "colour",
            AttributeType.WORDS);

    private static final List<String> NAMES = List.of("bags", "shoes", "boots", "hats", "red \"and\" black");
    private static final String[] OPERATORS = {"=", "!=", "<", "<=", ">", ">="};

    private final SplittableRandom random;

    /** Random choices from {@code random}. */
    public RandomItems(SplittableRandom random) {
        this.random = random;
    }

    private String word() {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    private Category category() {
        List<String> path = new ArrayList<>();
        for (int depth = random.nextInt(3); depth >= 0; depth--) {
            String name = word();
            if (!path.contains(name)) {
                path.add(name);
            }
        }
        return new Category(path);
    }

    /** The attributes of an item. */
    public ItemAttributes item() {
        if (random.nextInt(10) == 0) {
            return ItemAttributes.NONE;
        }
        List<Category> categories = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            categories.add(category());
            labels.add(word());
        }
        Map<String, AttributeValue> values = new LinkedHashMap<>();
        if (random.nextBoolean()) {
            values.put("price", new AttributeValue.Quantity(random.nextInt(20) / 2.0));
        }
        if (random.nextInt(4) == 0) {
            values.put("weight", new AttributeValue.Quantity(-random.nextInt(5)));
        }
        if (random.nextBoolean()) {
            values.put("brand", new AttributeValue.Words(List.of(word())));
            values.put("colour", new AttributeValue.Words(List.of(word(), word())));
        }
        return new ItemAttributes(
                null, null, random.nextBoolean() ? word() : null, categories, labels, values, TimeWindow.ALWAYS);
    }

    /** An expression on items {@code i0 .. i(items − 1)}. */
    public String expression(int items) {
        return expression(items, 4);
    }

    private String expression(int items, int depth) {
        return switch (depth == 0 ? 0 : random.nextInt(6)) {
            case 1 -> "(" + expression(items, depth - 1) + ")";
            case 2 -> "not (" + expression(items, depth - 1) + ")";
            case 3 -> "(" + expression(items, depth - 1) + " and " + expression(items, depth - 1) + ")";
            case 4 -> "(" + expression(items, depth - 1) + " OR " + expression(items, depth - 1) + ")";
            default -> test(items);
        };
    }

    private String test(int items) {
        return switch (random.nextInt(8)) {
            case 0 -> "category" + oneOf(() -> quoted(category().toString()));
            case 1 -> "label" + oneOf(() -> quoted(word()));
            case 2 -> "group" + oneOf(() -> quoted(word()));
            case 3 -> "item" + oneOf(() -> quoted("i" + random.nextInt(items + 3)));
            case 4 -> (random.nextBoolean() ? "brand" : "colour") + oneOf(() -> quoted(word()));
            case 5 ->
                "has "
                        + List.of("price", "weight", "brand", "category", "label", "group", "item")
                                .get(random.nextInt(7));
            case 6 -> "price" + oneOf(() -> String.valueOf(random.nextInt(20) / 2.0));
            default ->
                (random.nextBoolean() ? "price " : "weight ") + OPERATORS[random.nextInt(6)] + " "
                        + (random.nextInt(24) / 2.0 - 2);
        };
    }

    private String oneOf(Supplier<String> value) {
        return switch (random.nextInt(4)) {
            case 0 -> " = " + value.get();
            case 1 -> " != " + value.get();
            case 2 -> " in (" + value.get() + ", " + value.get() + ")";
            default -> " not in (" + value.get() + ")";
        };
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\"", "\\\"") + "\"";
    }

    /** Evaluates an expression on an item by reading its tree. */
    public static boolean holds(Expression expression, String id, ItemAttributes item) {
        return switch (expression) {
            case Expression.All all -> all.terms().stream().allMatch(term -> holds(term, id, item));
            case Expression.Any any -> any.terms().stream().anyMatch(term -> holds(term, id, item));
            case Expression.Not not -> !holds(not.term(), id, item);
            case Expression.HasWord has -> words(has.name(), id, item).stream().anyMatch(has.words()::contains);
            case Expression.InCategory in ->
                item.categories().stream()
                        .anyMatch(own -> in.categories().stream()
                                .anyMatch(above ->
                                        above.path().size() <= own.path().size()
                                                && own.path()
                                                        .subList(0, above.path().size())
                                                        .equals(above.path())));
            case Expression.Has has ->
                switch (has.name()) {
                    case "category" -> !item.categories().isEmpty();
                    case "price", "weight" -> item.values().containsKey(has.name());
                    default -> !words(has.name(), id, item).isEmpty();
                };
            case Expression.Compare compare ->
                item.values().get(compare.name()) instanceof AttributeValue.Quantity number
                        && compare(compare.comparison(), number.value(), compare.value());
        };
    }

    private static boolean compare(Expression.Comparison comparison, double left, double right) {
        int order = Double.compare(left, right);
        return switch (comparison) {
            case LESS -> order < 0;
            case AT_MOST -> order <= 0;
            case EQUAL -> order == 0;
            case AT_LEAST -> order >= 0;
            case GREATER -> order > 0;
        };
    }

    private static List<String> words(String name, String id, ItemAttributes item) {
        return switch (name) {
            case "item" -> List.of(id);
            case "label" -> item.labels();
            case "group" -> item.group() == null ? List.of() : List.of(item.group());
            default -> item.values().get(name) instanceof AttributeValue.Words some ? some.words() : List.of();
        };
    }
}
