package io.github.ttt4rec.data.read;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.EventRoles.Role;
import io.github.ttt4rec.data.EventRoles.Rule;
import io.github.ttt4rec.data.ReadOptions;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Applies the roles of events to the rows of a log, and counts the events of each type and role. Serves one pass over a
 * log.
 */
final class TypeRules {
    private static final int MAX_COUNTED = 1000;

    private final EventRoles roles;
    private final boolean compares;
    private final Map<String, Map<Role, Long>> counts = new LinkedHashMap<>();
    private Role role = Role.TARGET;
    private int kind;

    TypeRules(EventRoles roles) {
        this.roles = roles;
        compares = roles.compares();
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
                throw new UserFacingException(EventRoles.NEEDED);
            }
            return null;
        }
        EventRoles roles = EventRoles.parse(text);
        if (roles.compares() && options.valueColumn() == null) {
            throw new UserFacingException(
                    "--types \"" + text + "\" compares values; name their column by --value-column");
        }
        return new TypeRules(roles);
    }

    /**
     * Classifies an event.
     *
     * @param type the type as written, or empty
     * @param value the value as written, or empty
     * @return the problem, or null if {@link #isKept}, {@link #isNegative} and {@link #kind} hold the decision
     */
    @Nullable String decide(String type, String value) {
        if (compares && !value.isEmpty()) {
            try {
                return decide(type, Double.parseDouble(value));
            } catch (NumberFormatException e) {
                return "the value \"" + value + "\" is not a number";
            }
        }
        return decide(type, Double.NaN);
    }

    /** The same for a numeric value; NaN for none. */
    @Nullable String decide(String type, double number) {
        Rule rule = roles.of(type, number);
        if (rule != null) {
            role = rule.role();
            kind = rule.kind();
            count(type);
            return null;
        }
        return roles.unfit(type, number);
    }

    /** Returns whether the last classified event is read. */
    boolean isKept() {
        return role.isRead();
    }

    /** Returns whether the last classified event lowers its item. */
    boolean isNegative() {
        return role == Role.NEGATIVE;
    }

    EventRoles roles() {
        return roles;
    }

    /** The kind of the last classified event, if it is kept. */
    int kind() {
        return kind;
    }

    private void count(String type) {
        String name = counts.containsKey(type) || counts.size() < MAX_COUNTED ? type : "others";
        counts.computeIfAbsent(name, first -> new EnumMap<>(Role.class)).merge(role, 1L, Long::sum);
    }

    /** One line with the numbers of events of each type that were read and ignored. */
    List<String> notices() {
        if (counts.isEmpty() || roles.toString().equals(EventRoles.EVERY)) {
            return List.of();
        }
        boolean negative = counts.values().stream().anyMatch(ofType -> ofType.containsKey(Role.NEGATIVE));
        return List.of("by --types, targets: " + line(Role.TARGET) + "; inputs: " + line(Role.INPUT)
                + (negative ? "; negative: " + line(Role.NEGATIVE) : "") + "; ignored: " + line(Role.IGNORED));
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
