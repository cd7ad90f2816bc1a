package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.internal.Nearest;
import io.github.ttt4rec.serve.store.EventContext;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The columns of a log with the context of its events, such as a country.
 *
 * @param wanted the column of each name of the context, in order; empty for all columns whose names begin with {@value
 *     #PREFIX}, or with {@code context.} as those of nested JSON objects do
 * @param onlyExported whether to read such columns only from a log that has the form of those that {@code export}
 *     writes: other programs use these names for data that a shop may not want to store, such as addresses
 */
record ContextColumns(Map<String, String> wanted, boolean onlyExported) {
    /** The beginning of the names of the columns that {@code export} writes. */
    static final String PREFIX = "context_";
    /** The name of the object that {@code export} writes as JSON. */
    static final String OBJECT = "context";

    /** The default. */
    static final ContextColumns OF_EXPORTED_LOGS = new ContextColumns(Map.of(), true);

    private static final String ALL = "all";
    private static final Set<String> EXPORTED = Set.of("user", "item", "time", "event_id", "type", "value");

    /** Parses {@code all}, or columns between commas, each a column or {@code NAME=COLUMN}. */
    static final class Converter implements ITypeConverter<ContextColumns> {
        @Override
        public ContextColumns convert(String text) {
            if (text.equals(ALL)) {
                return new ContextColumns(Map.of(), false);
            }
            Map<String, String> wanted = new LinkedHashMap<>();
            for (String part : text.split(",", -1)) {
                int equals = part.indexOf('=');
                String column = part.substring(equals + 1).strip();
                String name =
                        equals < 0 ? plain(column) : part.substring(0, equals).strip();
                try {
                    EventContext.requireName(name);
                } catch (UserFacingException wrong) {
                    throw new TypeConversionException("'" + part + "': " + wrong.getMessage()
                            + (equals < 0 ? "; another name for the column: NAME=" + column : ""));
                }
                if (column.isEmpty() || wanted.put(name, column) != null) {
                    throw new TypeConversionException("'" + text + "': "
                            + (column.isEmpty() ? "a column is missing" : "the name " + name + " is given twice"));
                }
            }
            try {
                EventContext.requireCount(wanted.size());
            } catch (UserFacingException wrong) {
                throw new TypeConversionException(String.valueOf(wrong.getMessage()));
            }
            return new ContextColumns(wanted, false);
        }
    }

    private static String plain(String column) {
        String untyped = untyped(column);
        return isUsual(untyped) ? untyped.substring(PREFIX.length()) : untyped;
    }

    /** The name without the type that RecBole's files append. */
    private static String untyped(String column) {
        int colon = column.indexOf(':');
        return colon < 0 ? column : column.substring(0, colon);
    }

    /** Returns whether a log with these columns has the form of an exported one with contexts. */
    static boolean areExported(List<String> names) {
        return names.stream().anyMatch(ContextColumns::isUsual)
                && names.stream().allMatch(name -> isUsual(name) || EXPORTED.contains(name));
    }

    /** Returns a line about columns that may hold the context of events and are not read by default; null if there are none. */
    static @Nullable String leftOut(List<String> names) {
        List<String> left = areExported(names)
                ? List.of()
                : names.stream().filter(ContextColumns::isUsual).toList();
        return left.isEmpty()
                ? null
                : String.join(", ", left) + " left out (--context-columns imports them as the context of events)";
    }

    private static boolean isUsual(String column) {
        return (column.startsWith(PREFIX) || column.startsWith(OBJECT + ".")) && !column.contains("[]");
    }

    /** Collects the context of the next event of one log. */
    static final class Reader {
        private final Path file;
        private final ContextColumns columns;
        private final Map<Integer, String> names = new LinkedHashMap<>();
        private final Map<String, String> values = new TreeMap<>();

        Reader(Path file, ContextColumns columns) {
            this.file = file;
            this.columns = columns;
        }

        /**
         * Finds the columns in a file; see {@link io.github.ttt4rec.data.read.EventLog.Taker#contextColumns}. Throws
         * {@link UserFacingException} if one is missing.
         */
        List<Integer> find(List<String> header, Set<Integer> used) {
            names.clear();
            if (columns.onlyExported && !areExported(header)) {
                return List.of();
            }
            if (columns.wanted.isEmpty()) {
                for (int i = 0; i < header.size(); i++) {
                    if (isUsual(header.get(i)) && !used.contains(i)) {
                        String name = plain(header.get(i));
                        checked(() -> EventContext.requireName(name));
                        names.put(i, name);
                    }
                }
                checked(() -> EventContext.requireCount(names.size()));
                if (names.isEmpty() && !columns.onlyExported) {
                    throw new UserFacingException(file + ": no column begins with " + PREFIX + " or " + OBJECT
                            + ".; name those with the context of events, such as --context-columns country,device");
                }
            } else {
                columns.wanted.forEach((name, column) -> names.put(index(header, column), name));
                if (names.size() < columns.wanted.size()) {
                    throw new UserFacingException(file + ": --context-columns names a column twice");
                }
            }
            return List.copyOf(names.keySet());
        }

        private int index(List<String> header, String column) {
            for (int i = 0; i < header.size(); i++) {
                if (header.get(i).equals(column) || untyped(header.get(i)).equals(column)) {
                    return i;
                }
            }
            if (column.matches("[1-9][0-9]{0,5}") && Integer.parseInt(column) <= header.size()) {
                return Integer.parseInt(column) - 1;
            }
            throw new UserFacingException(file + ": no column is called \"" + column + "\"; the columns are "
                    + String.join(", ", header)
                    + Nearest.of(column, header)
                            .map(near -> "; did you mean --context-columns " + near + "?")
                            .orElse(""));
        }

        void value(int column, String value) {
            String name = names.get(column);
            if (name != null) {
                values.put(name, value);
            }
        }

        /** Returns the context of the next event, and clears it. */
        EventContext take() {
            if (values.isEmpty()) {
                return EventContext.NONE;
            }
            EventContext[] context = {EventContext.NONE};
            checked(() -> context[0] = EventContext.of(values));
            values.clear();
            return context[0];
        }

        private void checked(Runnable check) {
            try {
                check.run();
            } catch (UserFacingException wrong) {
                throw new UserFacingException(file + ": " + wrong.getMessage(), wrong);
            }
        }
    }
}
