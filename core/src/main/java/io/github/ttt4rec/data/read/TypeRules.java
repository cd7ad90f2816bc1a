package io.github.ttt4rec.data.read;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.ReadOptions;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides by type and value whether an event of a log is a prediction target, only an input, or ignored. The rules are
 * separated by commas, and the first one that matches an event decides. A rule consists of a type ({@code *} or nothing
 * for any type), an optional comparison with the value, and an optional role ({@code target} if none is given), as in
 * {@code buy, rating >= 4, *=ignored}.
 */
final class TypeRules {
    private static final Pattern RULE =
            Pattern.compile("\\s*([^<>=]*?)\\s*(?:(>=|<=|>|<)\\s*(-?[0-9]+(?:[.][0-9]+)?))?\\s*(?:=\\s*([a-z]+))?\\s*");
    private static final String EXAMPLE = "such as \"buy,view=ignored\" or \">= 4,*=ignored\"";
    private static final int MAX_COUNTED = 1000;

    private enum Role {
        TARGET,
        INPUT,
        IGNORED
    }

    private record Rule(String type, String comparison, double number, Role role) {
        boolean fits(String ofEvent, double value) {
            boolean ofType = type.isEmpty() || type.equals("*") || type.equals(ofEvent);
            return ofType
                    && switch (comparison) {
                        case ">=" -> value >= number;
                        case "<=" -> value <= number;
                        case ">" -> value > number;
                        case "<" -> value < number;
                        default -> true;
                    };
        }
    }

    private final List<Rule> rules;
    private final boolean compares;
    private final Map<String, Map<Role, Long>> counts = new LinkedHashMap<>();
    private Role role = Role.TARGET;

    private TypeRules(List<Rule> rules) {
        this.rules = rules;
        compares = rules.stream().anyMatch(rule -> !rule.comparison().isEmpty());
    }

    /**
     * The rules of {@code options}, or null if all events are read.
     *
     * @throws UserFacingException if they cannot be parsed, or need a column that is not given
     */
    static @Nullable TypeRules of(ReadOptions options) {
        String text = options.types();
        if (text == null) {
            if (options.typeColumn() != null || options.valueColumn() != null) {
                throw new UserFacingException(
                        "--type-column and --value-column need --types, which says which events are" + " read, "
                                + EXAMPLE);
            }
            return null;
        }
        List<Rule> rules = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            rules.add(rule(part));
        }
        TypeRules all = new TypeRules(List.copyOf(rules));
        if (all.compares && options.valueColumn() == null) {
            throw new UserFacingException(
                    "--types \"" + text + "\" compares values; name their column by --value-column");
        }
        boolean named = rules.stream()
                .anyMatch(rule -> !rule.type().isEmpty() && !rule.type().equals("*"));
        if (named && options.typeColumn() == null) {
            throw new UserFacingException("--types \"" + text + "\" names types; name their column by --type-column");
        }
        return all;
    }

    private static Rule rule(String text) {
        Matcher parts = RULE.matcher(text);
        if (!parts.matches() || text.isBlank()) {
            throw new UserFacingException(
                    "--types: \"" + text.strip() + "\" is no rule; write types, comparisons and roles, " + EXAMPLE);
        }
        String role = parts.group(4) == null ? "target" : parts.group(4);
        return new Rule(
                parts.group(1),
                parts.group(2) == null ? "" : parts.group(2),
                parts.group(3) == null ? 0 : Double.parseDouble(parts.group(3)),
                switch (role) {
                    case "target" -> Role.TARGET;
                    case "input" -> Role.INPUT;
                    case "ignored" -> Role.IGNORED;
                    default ->
                        throw new UserFacingException("--types: \"" + role
                                + "\" is no role; roles are target, input and ignored, " + EXAMPLE);
                });
    }

    /**
     * Classifies an event.
     *
     * @param type the type as written, or empty
     * @param value the value as written, or empty
     * @return the problem, or null if {@link #isKept} and {@link #isInput} hold the decision
     */
    @Nullable String decide(String type, String value) {
        double number = Double.NaN;
        if (compares && !value.isEmpty()) {
            try {
                number = Double.parseDouble(value);
            } catch (NumberFormatException e) {
                return "the value \"" + value + "\" is not a number";
            }
        }
        for (Rule rule : rules) {
            if (rule.fits(type, number)) {
                role = rule.role();
                count(type);
                return null;
            }
        }
        return (type.isEmpty() ? "an event without a type" : "the type \"" + type + "\"")
                + (compares ? " and the value \"" + value + "\"" : "")
                + " fits no rule of --types; name it there, or end the rules with *=ignored";
    }

    /** Returns whether the last classified event is read. */
    boolean isKept() {
        return role != Role.IGNORED;
    }

    /** Returns whether the last classified event is only an input. */
    boolean isInput() {
        return role == Role.INPUT;
    }

    private void count(String type) {
        String name = counts.containsKey(type) || counts.size() < MAX_COUNTED ? type : "others";
        counts.computeIfAbsent(name, first -> new EnumMap<>(Role.class)).merge(role, 1L, Long::sum);
    }

    /** One line with the numbers of events of each type that were read and ignored. */
    List<String> notices() {
        if (counts.isEmpty()) {
            return List.of();
        }
        return List.of("by --types, targets: " + line(Role.TARGET) + "; inputs: " + line(Role.INPUT) + "; ignored: "
                + line(Role.IGNORED));
    }

    private String line(Role of) {
        String counted = counts.entrySet().stream()
                .filter(entry -> entry.getValue().containsKey(of))
                .map(entry -> String.format(
                        Locale.ROOT,
                        "%,d%s",
                        entry.getValue().get(of),
                        entry.getKey().isEmpty() ? "" : " of type \"" + entry.getKey() + "\""))
                .limit(10)
                .collect(Collectors.joining(", "));
        return counted.isEmpty() ? "none" : counted;
    }
}
