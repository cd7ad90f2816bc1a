package io.github.ttt4rec.catalogue;

import io.github.ttt4rec.internal.Nearest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Scenarios as JSON objects:
 *
 * <pre>{@code
 * {"k": 12, "exclude_seen": true, "diversity": 0.3, "impressions": {"fade": 0.5, "cap": 5}, "rules": [
 *   {"name": "no adult", "type": "never", "where": "label = \"adult\""},
 *   {"type": "only", "where": "price < 100"},
 *   {"type": "boost", "where": "label = \"sale\"", "factor": 1.5},
 *   {"type": "pin", "item": "B00005", "place": 1},
 *   {"type": "at_most", "count": 2, "per": "category", "level": 1},
 *   {"type": "one_per_group"}]}
 * }</pre>
 */
public final class ScenarioJson {
    private static final String NAME = "name";
    private static final String TYPE = "type";
    private static final String WHERE = "where";
    private static final String FACTOR = "factor";
    private static final String ITEM = "item";
    private static final String PLACE = "place";
    private static final String COUNT = "count";
    private static final String PER = "per";
    private static final String LEVEL = "level";
    private static final String RULES = "rules";
    private static final String K = "k";
    private static final String EXCLUDE_SEEN = "exclude_seen";
    private static final String IMPRESSIONS = "impressions";
    private static final String DIVERSITY = "diversity";
    private static final Set<String> MEMBERS = Set.of(K, EXCLUDE_SEEN, DIVERSITY, IMPRESSIONS, RULES);
    private static final Set<String> IMPRESSION_MEMBERS = Set.of("fade", "half_life_days", "cap", "cap_days");
    private static final double MAX_FADE = 10;
    private static final double MIN_DAYS = 0.01;
    private static final double MAX_DAYS = 90;
    private static final double DEFAULT_DAYS = 7;
    private static final Set<String> TYPES = Set.of("never", "only", "boost", "pin", "at_most", "one_per_group");

    private static final int MAX_RULES = 100;
    private static final int MAX_BOOSTS = 6;
    private static final int MAX_PLACE = 1_000;
    private static final double MAX_FACTOR = 1e6;

    private final Map<String, AttributeType> types;

    private ScenarioJson(Map<String, AttributeType> types) {
        this.types = types;
    }

    /**
     * Reads a scenario.
     *
     * @param types the type of each of the shop's attributes
     * @param maxK the largest allowed number of items
     * @throws InvalidAttributeException if a member is wrong; it names the member
     * @throws InvalidExpressionException if an expression cannot be parsed; it names the member and gives the position
     */
    public static Scenario read(String name, JsonNode object, Map<String, AttributeType> types, int maxK) {
        requireMembers("", object, MEMBERS);
        JsonNode rules = object.get(RULES);
        if (rules != null && !rules.isNull() && (!rules.isArray() || rules.size() > MAX_RULES)) {
            throw new InvalidAttributeException(RULES, "must be an array of at most " + MAX_RULES + " rules");
        }
        List<Rule> read = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<Integer> places = new HashSet<>();
        if (rules != null && !rules.isNull()) {
            for (JsonNode each : rules.values()) {
                Rule rule = new ScenarioJson(types).rule(RULES + "[" + read.size() + "]", read.size() + 1, each);
                if (!names.add(rule.name())) {
                    throw new InvalidAttributeException(
                            RULES + "[" + read.size() + "]." + NAME, "two rules have the name '" + rule.name() + "'");
                }
                if (rule instanceof Rule.Pin pin && !places.add(pin.place())) {
                    throw new InvalidAttributeException(
                            RULES + "[" + read.size() + "]." + PLACE, "two rules pin an item at place " + pin.place());
                }
                read.add(rule);
            }
        }
        if (read.stream().filter(Rule.Boost.class::isInstance).count() > MAX_BOOSTS) {
            throw new InvalidAttributeException(RULES, "at most " + MAX_BOOSTS + " rules may boost");
        }
        return new Scenario(name, k(object, maxK), excludeSeen(object), diversity(object), impressions(object), read);
    }

    private static @Nullable Integer k(JsonNode object, int maxK) {
        JsonNode k = object.get(K);
        return k == null || k.isNull() ? null : Integer.valueOf(whole(K, object, K, maxK));
    }

    private static @Nullable Boolean excludeSeen(JsonNode object) {
        JsonNode exclude = object.get(EXCLUDE_SEEN);
        if (exclude == null || exclude.isNull()) {
            return null;
        }
        if (!exclude.isBoolean()) {
            throw new InvalidAttributeException(EXCLUDE_SEEN, "must be true or false");
        }
        return exclude.booleanValue();
    }

    private static Scenario.@Nullable Impressions impressions(JsonNode object) {
        JsonNode node = object.get(IMPRESSIONS);
        if (node == null || node.isNull()) {
            return null;
        }
        requireMembers(IMPRESSIONS, node, IMPRESSION_MEMBERS);
        if (!node.has("fade") && !node.has("cap")) {
            throw new InvalidAttributeException(IMPRESSIONS, "must have fade or cap");
        }
        int cap = node.has("cap") ? whole(IMPRESSIONS + ".cap", node, "cap", MAX_PLACE) : 0;
        return new Scenario.Impressions(
                number(node, "fade", 0, MAX_FADE, 0),
                number(node, "half_life_days", MIN_DAYS, MAX_DAYS, DEFAULT_DAYS),
                cap,
                number(node, "cap_days", MIN_DAYS, MAX_DAYS, DEFAULT_DAYS));
    }

    private static double number(JsonNode object, String member, double min, double max, double otherwise) {
        JsonNode node = object.get(member);
        if (node == null) {
            return otherwise;
        }
        if (!node.isNumber() || !(node.doubleValue() >= min && node.doubleValue() <= max)) {
            throw new InvalidAttributeException(
                    IMPRESSIONS + "." + member, "must be a number from " + min + " to " + max);
        }
        return node.doubleValue();
    }

    private static @Nullable Double diversity(JsonNode object) {
        JsonNode diversity = object.get(DIVERSITY);
        if (diversity == null || diversity.isNull()) {
            return null;
        }
        if (!diversity.isNumber() || !(diversity.doubleValue() >= 0 && diversity.doubleValue() <= 1)) {
            throw new InvalidAttributeException(DIVERSITY, "must be a number from 0 to 1");
        }
        return diversity.doubleValue();
    }

    private static void requireMembers(String field, JsonNode object, Set<String> members) {
        if (!object.isObject()) {
            throw new InvalidAttributeException(field.isEmpty() ? "scenario" : field, "a JSON object is expected");
        }
        for (String member : object.propertyNames()) {
            if (!members.contains(member)) {
                String hint = Nearest.of(AttributeNames.shown(member), members)
                        .map(near -> ", did you mean '" + near + "'?")
                        .orElse(", there are " + sorted(members));
                throw new InvalidAttributeException(
                        (field.isEmpty() ? "" : field + ".") + AttributeNames.shown(member), "unknown member" + hint);
            }
        }
    }

    private static String sorted(Set<String> words) {
        return words.stream().sorted().collect(Collectors.joining(", "));
    }

    private Rule rule(String field, int number, JsonNode object) {
        if (!object.isObject()) {
            throw new InvalidAttributeException(field, "a JSON object is expected");
        }
        String type = text(field, object, TYPE);
        String name = object.has(NAME)
                ? AttributeJson.checkedWord(field + "." + NAME, text(field, object, NAME))
                : "rule " + number;
        return switch (type) {
            case "never" -> {
                requireMembers(field, object, Set.of(NAME, TYPE, WHERE));
                yield new Rule.Never(name, where(field, object));
            }
            case "only" -> {
                requireMembers(field, object, Set.of(NAME, TYPE, WHERE));
                yield new Rule.Only(name, where(field, object));
            }
            case "boost" -> {
                requireMembers(field, object, Set.of(NAME, TYPE, WHERE, FACTOR));
                yield new Rule.Boost(name, where(field, object), factor(field, object));
            }
            case "pin" -> {
                requireMembers(field, object, Set.of(NAME, TYPE, ITEM, PLACE));
                yield new Rule.Pin(
                        name, text(field, object, ITEM), whole(field + "." + PLACE, object, PLACE, MAX_PLACE));
            }
            case "at_most" -> {
                requireMembers(field, object, Set.of(NAME, TYPE, COUNT, PER, LEVEL));
                yield atMost(field, name, object);
            }
            case "one_per_group" -> {
                requireMembers(field, object, Set.of(NAME, TYPE));
                yield new Rule.AtMost(name, 1, AttributeNames.GROUP, 1);
            }
            default ->
                throw new InvalidAttributeException(
                        field + "." + TYPE,
                        "unknown type '" + AttributeNames.shown(type) + "', there are " + sorted(TYPES));
        };
    }

    private static String text(String field, JsonNode object, String member) {
        JsonNode node = object.get(member);
        if (node == null || !node.isString() || node.stringValue().isEmpty()) {
            throw new InvalidAttributeException(field + "." + member, "must be a string that is not empty");
        }
        return node.stringValue();
    }

    private static int whole(String field, JsonNode object, String member, int max) {
        JsonNode node = object.get(member);
        if (node == null
                || !node.isIntegralNumber()
                || !node.canConvertToInt()
                || node.intValue() < 1
                || node.intValue() > max) {
            throw new InvalidAttributeException(field, "must be a whole number from 1 to " + max);
        }
        return node.intValue();
    }

    private static double factor(String field, JsonNode object) {
        JsonNode node = object.get(FACTOR);
        if (node == null
                || !node.isNumber()
                || !(node.doubleValue() >= 1 / MAX_FACTOR && node.doubleValue() <= MAX_FACTOR)) {
            throw new InvalidAttributeException(field + "." + FACTOR, "must be a number from 0.000001 to 1000000");
        }
        return node.doubleValue();
    }

    private Expression where(String field, JsonNode object) {
        String text = text(field, object, WHERE);
        try {
            return ExpressionParser.parse(text, types);
        } catch (InvalidExpressionException e) {
            throw e.in(field + "." + WHERE);
        }
    }

    private Rule atMost(String field, String name, JsonNode object) {
        String per = text(field, object, PER);
        boolean category = per.equals(AttributeNames.CATEGORY);
        boolean known = category
                || per.equals(AttributeNames.LABEL)
                || per.equals(AttributeNames.GROUP)
                || types.get(per) == AttributeType.WORDS;
        if (!known) {
            throw new InvalidAttributeException(
                    field + "." + PER, "must be category, label, group or an attribute of type words");
        }
        if (object.has(LEVEL) && !category) {
            throw new InvalidAttributeException(field + "." + LEVEL, "only categories have levels");
        }
        return new Rule.AtMost(
                name,
                whole(field + "." + COUNT, object, COUNT, MAX_PLACE),
                per,
                object.has(LEVEL) ? whole(field + "." + LEVEL, object, LEVEL, Category.MAX_DEPTH) : 1);
    }
}
