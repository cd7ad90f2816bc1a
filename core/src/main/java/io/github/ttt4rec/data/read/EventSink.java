package io.github.ttt4rec.data.read;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.ReadOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Collects the cells of one row of any format and emits the row's events: one, or several if the row lists items. Cells
 * are checked as they arrive; {@link #finish} reports what is wrong with the row.
 */
final class EventSink {
    private final EventTarget target;
    private final TimeParser times;
    private final ReadOptions options;
    private final @Nullable TypeRules rules;
    private final IdBuffer user;
    private final IdBuffer eventId = new IdBuffer(true);
    private final List<IdBuffer> items = new ArrayList<>();
    private final StringBuilder dateAndTime = new StringBuilder();
    private final List<String> moreTimes = new ArrayList<>();
    private final Map<Integer, String> context = new TreeMap<>();
    private long[] stamps = new long[4];
    private boolean hasUser;
    private boolean hasEventId;
    private String type = "";
    private String value = "";
    private boolean listed;
    private int itemCount;
    private int stampCount;
    /** The factor by which timestamps are multiplied so that they can hold fractions. */
    private long stampScale = 1;

    private long tie;
    private boolean tied;
    private @Nullable String userProblem;
    private @Nullable String itemProblem;
    private @Nullable String timeProblem;
    private @Nullable String eventIdProblem;

    EventSink(EventTarget target, TimeParser times, ReadOptions options) {
        this.target = target;
        this.times = times;
        this.options = options;
        rules = TypeRules.of(options);
        user = new IdBuffer(options.keepNaIds());
    }

    /** The options for finding the columns among {@code names}; without times if they are optional and absent. */
    ReadOptions options(List<String> names) {
        boolean untimed = !target.needsTimes() && options.timeColumn() == null && !Columns.haveTimes(names);
        return untimed ? options.withFileOrder(true) : options;
    }

    /** Returns whether event ids are to be read. */
    boolean wantsEventIds() {
        return target.wantsEventIds();
    }

    /** The indices of the columns with the context of events; readers pass their values to {@link #contextSet}. */
    List<Integer> contextColumns(Path file, Columns columns) {
        Set<Integer> used = new HashSet<>(columns.items());
        used.addAll(columns.times());
        used.addAll(List.of(columns.user(), columns.eventId(), columns.type(), columns.value()));
        List<Integer> wanted = target.contextColumns(columns.names(), used);
        for (int column : wanted) {
            if (used.contains(column)) {
                throw new UserFacingException(file + ": column \""
                        + columns.names().get(column) + "\" was given for the context of events and for another role");
            }
        }
        return wanted;
    }

    /** Clears the last row. */
    void begin() {
        hasUser = false;
        hasEventId = false;
        type = "";
        value = "";
        listed = false;
        itemCount = 0;
        stampCount = 0;
        tied = false;
        userProblem = null;
        itemProblem = null;
        timeProblem = null;
        eventIdProblem = null;
        context.clear();
        if (!moreTimes.isEmpty() || !dateAndTime.isEmpty()) {
            moreTimes.clear();
            dateAndTime.setLength(0);
        }
    }

    /** The buffer for the row's user. The reader reports an invalid id to {@link #userSet}. */
    IdBuffer user() {
        return user;
    }

    void userSet(@Nullable String problem) {
        if (hasUser && userProblem == null) {
            userProblem = "the row has it twice";
        }
        hasUser = true;
        userProblem = userProblem == null ? problem : userProblem;
    }

    /** The buffer for the row's next item. The reader reports an invalid id to {@link #itemSet}. */
    IdBuffer item() {
        if (itemCount == items.size()) {
            items.add(new IdBuffer(options.keepNaIds()));
        }
        return items.get(itemCount);
    }

    void itemSet(@Nullable String problem) {
        itemCount++;
        itemProblem = itemProblem == null ? problem : itemProblem;
    }

    /** The buffer for the row's event id. The reader reports an invalid id to {@link #eventIdSet}. */
    IdBuffer eventId() {
        return eventId;
    }

    /** Accepts an event id; an empty one means none. */
    void eventIdSet(@Nullable String problem) {
        hasEventId = eventId.length() > 0;
        eventIdProblem = hasEventId ? problem : null;
    }

    /** Accepts the type of the row's events. */
    void typeSet(String text) {
        type = text.strip();
    }

    /** Accepts the value of the row's events. */
    void valueSet(String text) {
        value = text.strip();
    }

    /** Accepts the value of one of the {@link #contextColumns}; an empty one means none. */
    void contextSet(int column, String text) {
        String stripped = text.strip();
        if (!stripped.isEmpty()) {
            context.put(column, stripped);
        }
    }

    /** One line for each finding about the types of events. */
    List<String> notices() {
        return rules == null ? List.of() : rules.notices();
    }

    /** Marks the row as one that lists items, even if the list is empty. */
    void list() {
        listed = true;
    }

    /** Accepts a field that lists ids separated by {@code separator}. */
    void items(String field, String separator) {
        list();
        for (String part : Lists.members(field).split(Pattern.quote(separator), -1)) {
            String member = Lists.member(part);
            if (!member.isEmpty()) {
                itemSet(item().set(member));
            }
        }
    }

    /** Accepts the time that the parser has read, or the reason why it could not. */
    void timeSet(@Nullable String problem) {
        if (stampCount == stamps.length) {
            stamps = Arrays.copyOf(stamps, 2 * stampCount);
        }
        long scale = times.valueScale();
        for (int i = 0; i < stampCount && scale != stampScale; i++) {
            stamps[i] *= scale / stampScale;
        }
        stampScale = scale;
        stamps[stampCount++] = times.value();
        timeProblem = timeProblem == null ? problem : timeProblem;
    }

    void time(char[] chars, int offset, int length) {
        timeSet(times.parse(chars, offset, length));
    }

    /** Accepts the text of one of several time columns; {@link #finish} joins them. */
    void timePart(int index, String text) {
        while (moreTimes.size() <= index) {
            moreTimes.add("");
        }
        moreTimes.set(index, text.strip());
    }

    private void joinTimes() {
        for (int i = 0; i < moreTimes.size(); i++) {
            String part = moreTimes.get(i);
            char[] chars = part.toCharArray();
            if (i > 0 && options.timePattern() == null && TimeParser.looksLikeNumber(chars, 0, chars.length)) {
                if (tied || !part.matches("[0-9]{1,18}")) {
                    timeProblem = tied
                            ? "more than one number to order events at the same time"
                            : "\"" + part + "\" is not a whole number to order events by";
                    return;
                }
                tied = true;
                tie = Long.parseLong(part);
            } else {
                dateAndTime.append(dateAndTime.isEmpty() ? "" : " ").append(part);
            }
        }
        char[] whole = dateAndTime.toString().toCharArray();
        time(whole, 0, whole.length);
    }

    /** Returns whether the row's ids equal the names of their columns, ignoring the case of ASCII letters. */
    private boolean isHeader(Columns columns) {
        String userName = columns.names().get(columns.user());
        String itemName = columns.names().get(columns.items().getFirst());
        IdBuffer item = items.getFirst();
        return user.length() == userName.length()
                && item.length() == itemName.length()
                && user.is(userName.getBytes(StandardCharsets.UTF_8))
                && item.is(itemName.getBytes(StandardCharsets.UTF_8));
    }

    /** How to read an object that holds a whole log: a list of events, or a list per column. */
    private static String lists(String userName) {
        String list = userName.replaceFirst("\\[\\].*", "");
        return userName.endsWith("[]")
                ? "; if the object holds a list for each column, write one event a line, for example with: jq -c '. as $o |"
                        + " range(." + list + " | length) as $i | $o | map_values(.[$i])' FILE > FILE.jsonl"
                : "; if the object holds a list of events, write one event a line, for example with: jq -c '." + list
                        + "[]' FILE > FILE.jsonl";
    }

    /**
     * Appends the row's events.
     *
     * @return the wrong column and the reason, or null
     */
    @Nullable String finish(Columns columns) {
        if (options.header() && hasUser && itemCount == 1 && isHeader(columns)) {
            return "the header line once more: the file was put together from several";
        }
        if (rules != null) {
            String wrong = rules.decide(type, value);
            if (wrong != null) {
                return columns.type() < 0
                        ? wrong
                        : "column \"" + columns.names().get(columns.type()) + "\": " + wrong;
            }
            if (!rules.isKept() && !(rules.isNegative() && target.wantsTypes())) {
                return null;
            }
        }
        String problem = problem(columns);
        if (problem != null) {
            return problem;
        }
        boolean timed = !columns.times().isEmpty();
        for (int i = 0; i < itemCount; i++) {
            if (rules != null && rules.isKept()) {
                target.kind(rules.roles(), rules.kind());
            }
            if (hasEventId) {
                target.eventId(eventId, i);
            }
            if (target.wantsTypes()) {
                target.type(type, value);
            }
            context.forEach(target::context);
            target.add(user, items.get(i), timed ? stamps[stampCount == 1 ? 0 : i] : target.size());
            if (tied) {
                target.tie(tie);
            }
        }
        return null;
    }

    /** Joins the parts of the time and checks the row; returns the wrong column and the reason, or null. */
    private @Nullable String problem(Columns columns) {
        if (userProblem != null) {
            return "column \"" + columns.userName() + "\": " + userProblem + columns.others("users")
                    + (columns.userName().contains("[]") ? lists(columns.userName()) : "");
        }
        if (itemProblem != null) {
            return "column \"" + columns.itemName() + "\": " + itemProblem + columns.others("items");
        }
        if (!moreTimes.isEmpty()) {
            joinTimes();
        }
        if (timeProblem != null) {
            return "column \"" + columns.timeName() + "\": "
                    + timeProblem.replace(TimeParser.DATE_AND_TIME, columns.dateAndTime());
        }
        if (!hasUser) {
            return "no field \"" + columns.userName() + "\"";
        }
        if (itemCount == 0 && !listed) {
            return "no field \"" + columns.itemName() + "\"";
        }
        if (eventIdProblem != null) {
            return "column \"" + columns.names().get(columns.eventId()) + "\": " + eventIdProblem;
        }
        if (!columns.times().isEmpty() && itemCount > 0 && stampCount != 1 && stampCount != itemCount) {
            return stampCount == 0
                    ? "no field \"" + columns.timeName() + "\""
                    : stampCount + " times for " + itemCount + " items";
        }
        return null;
    }
}
