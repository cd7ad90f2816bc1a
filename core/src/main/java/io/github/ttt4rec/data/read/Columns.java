package io.github.ttt4rec.data.read;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.internal.Nearest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a log by role. Names come from the header; a name ending in {@code []} is a list.
 *
 * @param names all columns
 * @param user index of the column with user ids
 * @param items indices of the columns with item ids; the items of a row are in this order
 * @param times indices of the columns with times: a date, a time of day, and numbers that order events at the same
 *     time; empty if the order of rows replaces them
 * @param eventId index of the column with event ids, or -1
 * @param type index of the column with the types of events, or -1
 * @param value index of the column with values, or -1
 * @param notices one line for each role for which another column would do as well, and for a guessed column of types
 */
record Columns(
        List<String> names,
        int user,
        List<Integer> items,
        List<Integer> times,
        int eventId,
        int type,
        int value,
        List<String> notices) {
    private static final String EVENT_ID_NAME = "eventid";
    private static final String VALUE_NAME = "value";

    // In order of preference: ids come before names, such as user_id before user. Names are compared in lower case and
    // without characters that are neither letters nor digits.
    private static final List<String> USER_NAMES = List.of(
            "userid",
            "user",
            "uid",
            "customerid",
            "customer",
            "custid",
            "visitorid",
            "visitor",
            "memberid",
            "member",
            "reviewerid",
            "reviewer",
            "accountid",
            "account",
            "clientid",
            "client",
            "playerid",
            "player",
            "authorid",
            "author",
            "username",
            "householdkey",
            "custcode",
            "sessionid",
            "session",
            "userpseudoid",
            "anonymousid",
            "domainuserid",
            "domainsessionid",
            "sessionidhash");

    private static final List<String> AUTHOR_NAMES = List.of("author", "authorid");
    private static final List<String> WORK_NAMES = List.of("title", "booktitle", "isbn", "book", "bookid");
    private static final List<String> ITEM_NAMES = List.of(
            "itemid",
            "item",
            "iid",
            "productid",
            "product",
            "asin",
            "parentasin",
            "stockcode",
            "skuid",
            "sku",
            "movieid",
            "movie",
            "articleid",
            "article",
            "trackid",
            "track",
            "songid",
            "song",
            "artistid",
            "artist",
            "venueid",
            "venue",
            "locationid",
            "poiid",
            "poi",
            "businessid",
            "business",
            "gmapid",
            "bookid",
            "book",
            "isbn",
            "gameid",
            "game",
            "videoid",
            "video",
            "newsid",
            "news",
            "contentid",
            "content",
            "streamer",
            "aid",
            "hotelid",
            "hotel",
            "adid",
            "ad",
            "offerid",
            "offer",
            "prodcode",
            "productskuhash");
    private static final List<String> TIME_NAMES = List.of(
            "timestamp",
            "time",
            "ts",
            "datetime",
            "timestampms",
            "timems",
            "unixtimestamp",
            "utctimestamp",
            "eventtimestamp",
            "eventtime",
            "eventdatetime",
            "visittime",
            "clicktime",
            "viewtime",
            "starttime",
            "playedat",
            "listenedat",
            "occurredat",
            "orderedat",
            "purchasedat",
            "createtime",
            "unixreviewtime",
            "derivedtstamp",
            "collectortstamp",
            "servertimestampepochms",
            // Names of dates come after those of instants, which say more.
            "date",
            "eventdate",
            "reviewdate",
            "reviewtime",
            "visitdate",
            "createdate",
            "invoicedate",
            "orderdate",
            "orderpurchasetimestamp",
            "purchasedate",
            "transactiondate",
            "transactiondt",
            "shopdate",
            "dateadded",
            "tdat",
            "createdat",
            "created",
            "checkintime",
            "unixtime",
            "epoch",
            "updatedat",
            "updated",
            "modifiedat",
            "servertime",
            "receivedat");
    private static final List<String> DATE_PARTS = List.of("year", "month", "day");
    private static final List<String> CLOCK_PARTS = List.of("hour", "minute", "second");
    private static final List<String> TYPE_NAMES = List.of(
            "eventtype",
            "type",
            "event",
            "eventname",
            "action",
            "actiontype",
            "behavior",
            "behaviour",
            "behaviortype",
            "behaviourtype",
            "interaction",
            "interactiontype",
            "activity",
            "activitytype",
            "feedback",
            "feedbacktype");

    /** The name of the user column. */
    public String userName() {
        return names.get(user);
    }

    /** The name of the item column, or several names. */
    public String itemName() {
        return joined(items);
    }

    /** The name of the time column, or several names, or null without one. */
    public @Nullable String timeName() {
        return times.isEmpty() ? null : joined(times);
    }

    /** The name of the column of types, or null without one. */
    public @Nullable String typeName() {
        return type < 0 ? null : names.get(type);
    }

    /** {@code options} with these columns instead of detection, by name, or by number if names repeat. */
    ReadOptions resolve(ReadOptions options) {
        return options.withColumns(
                        reference(List.of(user)), reference(items), times.isEmpty() ? null : reference(times))
                .withEventIdColumn(eventId < 0 ? null : reference(List.of(eventId)))
                .withTypes(
                        type < 0 ? null : reference(List.of(type)),
                        value < 0 ? null : reference(List.of(value)),
                        options.types())
                .withFileOrder(times.isEmpty());
    }

    private @Nullable String reference(List<Integer> columns) {
        return columns.stream()
                .map(column -> {
                    String name = names.get(column);
                    boolean unique = names.stream()
                                    .filter(other -> isCalled(other, name))
                                    .count()
                            == 1;
                    return unique && (columns.size() == 1 || !name.contains(",")) ? name : Integer.toString(column + 1);
                })
                .collect(Collectors.joining(","));
    }

    /**
     * The end of a sentence that lists the other columns suitable for a role, such as {@code users}; empty if there is
     * none.
     */
    String others(String roles) {
        return notices.stream()
                .filter(notice -> notice.contains("the " + roles + " are taken"))
                .map(notice -> notice.substring(notice.indexOf("; ")))
                .findFirst()
                .orElse("");
    }

    /** The time column preceded by a column of dates, as a value of {@code --time-column}. */
    String dateAndTime() {
        String date = names.stream()
                .filter(name -> !name.equals(timeName()) && simplified(name).matches(".*(date|day).*"))
                .findFirst()
                .orElse("DATE");
        return date + "," + timeName();
    }

    private String joined(List<Integer> columns) {
        return columns.stream().map(names::get).collect(Collectors.joining(","));
    }

    /** Returns whether a column of this name is taken for a column of users, items or times. */
    static boolean isUsual(String name) {
        String simple = simplified(name);
        return USER_NAMES.contains(simple) || ITEM_NAMES.contains(simple) || TIME_NAMES.contains(simple);
    }

    /** Returns whether one of the columns has a name that is common for times. */
    public static boolean haveTimes(List<String> names) {
        return names.stream().anyMatch(name -> TIME_NAMES.contains(simplified(name)));
    }

    /** The columns of a file without a header, which are given by number. */
    static Columns byNumber(Path file, int count, ReadOptions options, String hint) {
        List<String> names =
                IntStream.rangeClosed(1, count).mapToObj(Integer::toString).toList();
        if (options.userColumn() == null
                || options.itemColumn() == null
                || (options.timeColumn() == null && !options.fileOrder())) {
            throw new UserFacingException(file + ": without a header line the columns must be given by number" + hint);
        }
        return find(file, names, options, "");
    }

    /**
     * Finds the columns among {@code names}.
     *
     * @param hint the end of the message if the column of a role is not found
     */
    static Columns find(Path file, List<String> names, ReadOptions options, String hint) {
        Finder finder = new Finder(file, names, hint);
        int user = finder.one(options.userColumn(), userNames(names), "user");
        List<Integer> items = finder.several(options.itemColumn(), ITEM_NAMES, "item");
        List<Integer> times =
                options.fileOrder() ? List.of() : finder.several(options.timeColumn(), TIME_NAMES, "time");
        List<Integer> all = new ArrayList<>(List.of(user));
        all.addAll(items);
        all.addAll(times);
        if (all.stream().distinct().count() < all.size()) {
            int twice = all.stream()
                    .filter(column -> all.indexOf(column) != all.lastIndexOf(column))
                    .findFirst()
                    .orElseThrow();
            throw new UserFacingException(file + ": user, item and time must be three columns, but "
                    + quoted(names.get(twice)) + " was given for two of them");
        }
        int eventId = options.eventIdColumn() == null
                ? finder.unused(EVENT_ID_NAME, all)
                : finder.wanted(options.eventIdColumn(), "event-id");
        int type = type(finder, options, all);
        int value = value(finder, options, all, type);
        for (int extra : new int[] {type, value}) {
            if (extra >= 0 && all.contains(extra)) {
                throw new UserFacingException(file + ": column " + quoted(names.get(extra))
                        + " was given for types or values and for another role");
            }
        }
        if (all.contains(eventId)) {
            throw new UserFacingException(
                    file + ": column " + quoted(names.get(eventId)) + " was given for event ids and for another role");
        }
        return new Columns(List.copyOf(names), user, items, times, eventId, type, value, List.copyOf(finder.notices));
    }

    /** The usual names of users. Beside the title of a work, an author is its author, not a user. */
    private static List<String> userNames(List<String> names) {
        boolean works = names.stream().anyMatch(name -> WORK_NAMES.contains(simplified(name)));
        return works
                ? USER_NAMES.stream()
                        .filter(name -> !AUTHOR_NAMES.contains(name))
                        .toList()
                : USER_NAMES;
    }

    private static int type(Finder finder, ReadOptions options, List<Integer> used) {
        if (options.typeColumn() != null) {
            return finder.wanted(options.typeColumn(), "type");
        }
        String types = options.types();
        if (EventRoles.EVERY.equals(types)) {
            return finder.possibleTypes(used);
        }
        return types != null && EventRoles.parse(types).namesTypes() ? finder.types(types, used) : -1;
    }

    private static int value(Finder finder, ReadOptions options, List<Integer> used, int type) {
        if (options.valueColumn() != null) {
            return finder.wanted(options.valueColumn(), "value");
        }
        int found = EventRoles.EVERY.equals(options.types()) ? finder.unused(VALUE_NAME, used) : -1;
        if (found < 0 || found == type) {
            return -1;
        }
        finder.notices.add(finder.file + ": the values are taken from " + quoted(finder.names.get(found))
                + " (--value-column names another)");
        return found;
    }

    /** Searches one header for columns. */
    private static final class Finder {
        private final Path file;
        private final List<String> names;
        private final String hint;
        private final List<String> notices = new ArrayList<>();

        Finder(Path file, List<String> names, String hint) {
            this.file = file;
            this.names = names;
            this.hint = hint;
        }

        int one(@Nullable String wanted, List<String> usual, String role) {
            return wanted == null ? guessed(usual, role) : wanted(wanted, role);
        }

        /** Columns given as a list separated by commas, unless the whole text is one column's name. */
        List<Integer> several(@Nullable String wanted, List<String> usual, String role) {
            if (wanted == null) {
                return List.of(guessed(usual, role));
            }
            if (!wanted.contains(",") || names.contains(wanted)) {
                return List.of(wanted(wanted, role));
            }
            return Arrays.stream(wanted.split(",", -1))
                    .map(part -> wanted(part.strip(), role))
                    .toList();
        }

        private int guessed(List<String> usual, String role) {
            int found = -1;
            List<String> others = new ArrayList<>();
            // The names of nested members are tried only if no top-level name fits.
            for (int depth = 0; depth < 2 && found < 0; depth++) {
                for (String candidate : usual) {
                    for (int i = 0; i < names.size(); i++) {
                        if (!fits(names.get(i), candidate, depth == 1)) {
                            continue;
                        }
                        if (found < 0) {
                            found = i;
                        } else if (i != found && names.get(i).equals(names.get(found))) {
                            throw twice(names.get(i), role);
                        } else if (i != found && !others.contains(names.get(i))) {
                            others.add(names.get(i));
                        }
                    }
                }
            }
            if (found < 0) {
                String unknown =
                        file + ": none of the columns " + listed(names) + " is known to hold the " + role + "s; ";
                String parts = role.equals("time") ? dateInParts() : "";
                String without = role.equals("time") ? ", or --file-order if the rows are in time order" : "";
                throw new UserFacingException(
                        parts.isEmpty()
                                ? unknown + "name it with --" + role + "-column" + without + hint
                                : unknown + parts);
            }
            if (!others.isEmpty()) {
                notices.add(file + ": the " + role + "s are taken from " + quoted(names.get(found)) + "; "
                        + listed(others) + " would fit too (--" + role + "-column " + others.getFirst() + ")");
            }
            return found;
        }

        /** The options that join a date from columns of its year, month and day, with the hour and so on; or nothing. */
        private String dateInParts() {
            List<String> columns = new ArrayList<>();
            for (String part : DATE_PARTS) {
                named(part).ifPresent(columns::add);
            }
            if (columns.size() < DATE_PARTS.size()) {
                return "";
            }
            StringBuilder pattern = new StringBuilder("yyyy M d");
            for (String part : CLOCK_PARTS) {
                Optional<String> column = named(part);
                if (column.isEmpty()) {
                    break;
                }
                columns.add(column.get());
                pattern.append(' ').append(part.equals("hour") ? 'H' : part.charAt(0));
            }
            return "the date stands in several of them, so give --time-column " + String.join(",", columns)
                    + " --time-pattern \"" + pattern + "\"";
        }

        private Optional<String> named(String simple) {
            return names.stream()
                    .filter(name -> simplified(name).equals(simple))
                    .findFirst();
        }

        /** The first column of this name that has no role yet, or -1. */
        int unused(String usual, List<Integer> used) {
            return IntStream.range(0, names.size())
                    .filter(i -> !used.contains(i) && simplified(names.get(i)).equals(usual))
                    .findFirst()
                    .orElse(-1);
        }

        private List<Integer> fittingTypes(List<Integer> used) {
            return IntStream.range(0, names.size())
                    .filter(i -> !used.contains(i) && TYPE_NAMES.contains(simplified(names.get(i))))
                    .boxed()
                    .toList();
        }

        /** The column of types if roles do not depend on it: the only one with a usual name, or -1 if none or several fit. */
        int possibleTypes(List<Integer> used) {
            List<Integer> fitting = fittingTypes(used);
            if (fitting.isEmpty()) {
                return -1;
            }
            List<String> all = fitting.stream().map(names::get).toList();
            if (fitting.size() > 1) {
                notices.add(file + ": no types are read, because the columns " + listed(all)
                        + " could all hold them; name theirs by --type-column");
                return -1;
            }
            notices.add(
                    file + ": the types are taken from " + quoted(all.getFirst()) + " (--type-column names another)");
            return fitting.getFirst();
        }

        /** The only column with a usual name for types; two that fit are refused, because a wrong one changes the roles. */
        int types(String rules, List<Integer> used) {
            List<Integer> fitting = fittingTypes(used);
            if (fitting.isEmpty()) {
                throw new UserFacingException(file + ": --types \"" + rules + "\" names types, and none of the columns "
                        + listed(names) + " is known to hold them; name their column by --type-column" + hint);
            }
            String found = names.get(fitting.getFirst());
            if (fitting.size() > 1) {
                List<String> all = fitting.stream().map(names::get).toList();
                if (all.stream().distinct().count() < all.size()) {
                    throw twice(found, "type");
                }
                throw new UserFacingException(file + ": --types \"" + rules + "\" names types, and the columns "
                        + listed(all) + " could all hold them; name theirs by --type-column");
            }
            notices.add(file + ": the types are taken from " + quoted(found) + " (--type-column names another)");
            return fitting.getFirst();
        }

        private static boolean fits(String name, String candidate, boolean inside) {
            String whole = inside ? name.substring(name.lastIndexOf('.') + 1) : name;
            String simple = simplified(whole);
            return simple.equals(candidate)
                    || (whole.contains("[]") && (simple.equals(candidate + "s") || simple.equals(candidate + "list")));
        }

        private int wanted(String wanted, String role) {
            int found = -1;
            for (int i = 0; i < names.size(); i++) {
                if (isCalled(names.get(i), wanted)) {
                    if (found >= 0) {
                        throw twice(wanted, role);
                    }
                    found = i;
                }
            }
            if (found >= 0) {
                return found;
            }
            if (wanted.matches("[0-9]{1,6}")) {
                int number = Integer.parseInt(wanted);
                if (number >= 1 && number <= names.size()) {
                    return number - 1;
                }
                throw new UserFacingException(file + ": there is no column " + wanted + " for the " + role
                        + "s; columns are counted from 1 and the file has " + names.size());
            }
            throw new UserFacingException(file + ": no column is called " + quoted(wanted) + "; the columns are "
                    + listed(names)
                    + Nearest.of(wanted, names)
                            .map(nearest -> "; did you mean --" + role + "-column " + nearest + "?")
                            .orElse(""));
        }

        private UserFacingException twice(String name, String role) {
            String numbers = IntStream.range(0, names.size())
                    .filter(i -> isCalled(names.get(i), name))
                    .mapToObj(i -> "--" + role + "-column " + (i + 1))
                    .collect(Collectors.joining(" or "));
            return new UserFacingException(file + ": two columns are called " + quoted(name) + "; give the " + role
                    + " column by its number, " + numbers);
        }
    }

    private static boolean isCalled(String name, String wanted) {
        return name.equals(wanted)
                || untyped(name).equals(wanted)
                || name.replace("[]", "").equals(wanted);
    }

    /** The name without the type that RecBole's atomic files append to it. */
    private static String untyped(String name) {
        int colon = name.indexOf(':');
        return colon < 0 ? name : name.substring(0, colon);
    }

    private static String simplified(String name) {
        return untyped(name).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    private static String listed(List<String> names) {
        String list = names.stream().limit(30).map(Columns::quoted).collect(Collectors.joining(", "));
        return names.size() > 30 ? list + " and " + (names.size() - 30) + " more" : list;
    }

    private static String quoted(String name) {
        return "\"" + (name.length() > 60 ? name.substring(0, 60) + "..." : name) + "\"";
    }
}
