package io.github.ttt4rec.data;

import io.github.ttt4rec.UserFacingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides the role of an event by its type and value. The rules are separated by commas, and the first one that matches
 * an event decides. A rule consists of a type ({@code *} or nothing for any type), an optional comparison with the
 * value, and an optional role with a weight, as in {@code buy, rating >= 4, view=input*0.2, remove=negative*2, *=ignored}.
 * The default role is {@code target}. Immutable.
 *
 * <p>The rules for events that predictions read also number the <b>kinds</b> of events: 0 is the first rule for targets,
 * and the others follow, targets before inputs.
 */
public final class EventRoles {
    /** The rules that predict every event, whatever its type; a column of types is then optional. */
    public static final String EVERY = "*";

    private static final String EXAMPLE = "such as \"buy,view=ignored\" or \">= 4,*=ignored\"";

    /** The problem of columns of types or values without roles. */
    public static final String NEEDED =
            "--type-column and --value-column need --types, which says which events are read, " + EXAMPLE;

    private static final Pattern RULE =
            Pattern.compile("\\s*([^<>=]*?)\\s*(?:(>=|<=|>|<)\\s*(-?[0-9]+(?:[.][0-9]+)?))?\\s*"
                    + "(?:=\\s*([a-z]+)\\s*(?:[*]\\s*([0-9]+(?:[.][0-9]+)?))?)?\\s*");
    private static final double MAX_WEIGHT = 1000;
    private static final int MAX_KINDS = Byte.MAX_VALUE;

    /** The use of an event. */
    public enum Role {
        /** The event is predicted, and predictions read it. */
        TARGET,
        /** Predictions read the event. It is no case of an evaluation, and of training only if its weight is above 0. */
        INPUT,
        /** Predictions do not read the event. A server lowers its item in the user's recommendations. */
        NEGATIVE,
        /** The event is not read. */
        IGNORED;

        /** The role's name in rules. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Returns whether predictions read events of this role. */
        public boolean isRead() {
            return this == TARGET || this == INPUT;
        }
    }

    /**
     * A rule.
     *
     * @param type the type that it matches; empty for any type
     * @param comparison {@code >=}, {@code <=}, {@code >}, {@code <}, or empty for any value
     * @param number the number with which values are compared
     * @param role the role of matching events
     * @param weight for a negative event, the amount by which it lowers the log-probability of its item; for a target or
     *     an input, the factor of its loss in training, by default 1 and 0
     * @param kind the number of the kind of matching events; −1 if predictions do not read them
     */
    public record Rule(String type, String comparison, double number, Role role, double weight, int kind) {
        private Rule withKind(int number) {
            return new Rule(type, comparison, this.number, role, weight, number);
        }

        private boolean fits(String ofEvent, double value) {
            boolean ofType = type.isEmpty() || type.equals(ofEvent);
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

    /**
     * The kind of each event of a log, which is the number of the rule that matched it.
     *
     * @param roles the rules
     * @param ofEvent the kind of each event, parallel to {@link Dataset#events()}; must not be modified
     */
    public record Kinds(EventRoles roles, byte[] ofEvent) {
        /** Returns whether event {@code at} is a prediction target. */
        public boolean isTarget(int at) {
            return rule(at).role() == Role.TARGET;
        }

        /** The factor of the loss of predicting event {@code at} in training; 0 if it is not predicted. */
        public float lossWeight(int at) {
            return (float) rule(at).weight();
        }

        /** Returns whether losses in training have different factors. */
        public boolean weighLosses() {
            return roles.kinds().stream().anyMatch(rule -> rule.weight() != 0 && rule.weight() != 1);
        }

        /** Returns whether some event is only an input. */
        public boolean haveInputs() {
            for (int at = 0; at < ofEvent.length; at++) {
                if (!isTarget(at)) {
                    return true;
                }
            }
            return false;
        }

        private Rule rule(int at) {
            return roles.kinds().get(ofEvent[at]);
        }
    }

    private final String text;
    private final List<Rule> rules;
    private final List<Rule> kinds;

    private EventRoles(String text, List<Rule> parsed) {
        this.text = text;
        List<Rule> read = new ArrayList<>();
        for (Role role : List.of(Role.TARGET, Role.INPUT)) {
            parsed.stream().filter(rule -> rule.role() == role).forEach(read::add);
        }
        if (read.size() > MAX_KINDS) {
            throw new UserFacingException("--types: " + read.size() + " rules read events; at most " + MAX_KINDS
                    + " may, so let one rule cover several types");
        }
        // Rules that are written twice get the number of the first, which is the one that matches.
        rules = parsed.stream().map(rule -> rule.withKind(read.indexOf(rule))).toList();
        kinds = read.stream().map(rule -> rule.withKind(read.indexOf(rule))).toList();
    }

    /**
     * Parses rules.
     *
     * @throws UserFacingException naming the rule that cannot be parsed
     */
    public static EventRoles parse(String text) {
        List<Rule> rules = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            rules.add(rule(part));
        }
        return new EventRoles(text, rules);
    }

    private static Rule rule(String text) {
        Matcher parts = RULE.matcher(text);
        if (!parts.matches() || text.isBlank()) {
            throw new UserFacingException(
                    "--types: \"" + text.strip() + "\" is not a rule; write types, comparisons and roles, " + EXAMPLE);
        }
        if (parts.group(1).contains("*") && !parts.group(1).equals("*")) {
            throw new UserFacingException("--types: \"" + text.strip()
                    + "\": a weight follows a role, as in \"buy=target*2\", and * alone is any type");
        }
        Role role = role(parts.group(4) == null ? Role.TARGET.word() : parts.group(4));
        String weight = parts.group(5);
        double factor = weight == null ? defaultWeight(role) : Double.parseDouble(weight);
        if (weight != null && role == Role.IGNORED) {
            throw new UserFacingException("--types: \"" + text.strip() + "\": ignored events have no weight");
        }
        if (weight != null && !(factor > 0 && factor <= MAX_WEIGHT)) {
            throw new UserFacingException(
                    "--types: \"" + text.strip() + "\": a weight is above 0 and at most " + (int) MAX_WEIGHT);
        }
        return new Rule(
                parts.group(1).equals("*") ? "" : parts.group(1),
                parts.group(2) == null ? "" : parts.group(2),
                parts.group(3) == null ? 0 : Double.parseDouble(parts.group(3)),
                role,
                factor,
                -1);
    }

    private static double defaultWeight(Role role) {
        return switch (role) {
            case TARGET, NEGATIVE -> 1;
            case INPUT, IGNORED -> 0;
        };
    }

    private static Role role(String word) {
        for (Role role : Role.values()) {
            if (role.word().equals(word)) {
                return role;
            }
        }
        throw new UserFacingException(
                "--types: \"" + word + "\" is not a role; roles are target, input, negative and ignored, " + EXAMPLE);
    }

    /**
     * The first rule that matches an event, or null.
     *
     * @param type the type; empty if the event has none
     * @param value the value; NaN if the event has none, which matches no comparison
     */
    public @Nullable Rule of(String type, double value) {
        for (Rule rule : rules) {
            if (rule.fits(type, value)) {
                return rule;
            }
        }
        return null;
    }

    /**
     * Describes the problem of an event for which {@link #of} finds no rule.
     *
     * @param type the type; empty if the event has none
     * @param value the value; NaN if the event has none
     */
    public String unfit(String type, double value) {
        return (type.isEmpty() ? "an event without a type" : "the type \"" + type + "\"")
                + (compares() && !Double.isNaN(value) ? " and the value " + value : "")
                + " fits no rule of --types; name it there, or end the rules with *=ignored";
    }

    /** The rule of each kind, by its number; a rule that repeats an earlier one has the number of the earlier one. */
    public List<Rule> kinds() {
        return kinds;
    }

    /** Returns whether a rule compares values. */
    public boolean compares() {
        return rules.stream().anyMatch(rule -> !rule.comparison().isEmpty());
    }

    /** Returns whether a rule names a type. */
    public boolean namesTypes() {
        return rules.stream().anyMatch(rule -> !rule.type().isEmpty());
    }

    /** The named types and comparisons, for messages: {@code buy, rating >= 4}. */
    public String known() {
        String named = rules.stream()
                .filter(rule -> !rule.type().isEmpty())
                .map(rule -> rule.comparison().isEmpty()
                        ? rule.type()
                        : rule.type() + " " + rule.comparison() + " " + number(rule.number()))
                .distinct()
                .collect(Collectors.joining(", "));
        return named.isEmpty() ? "none by name" : named;
    }

    private static String number(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
    }

    /** The rules as they were written. */
    @Override
    public String toString() {
        return text;
    }
}
