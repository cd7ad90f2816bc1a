package io.github.ttt4rec.data.internal;

import io.github.ttt4rec.Nearest;
import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.ReadOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which columns hold what.
 *
 * @param user index of the column with user ids
 * @param item index of the column with item ids
 * @param time index of the column with times, or -1 where the order of rows stands in for them
 * @param userName name of the user column
 * @param itemName name of the item column
 * @param timeName name of the time column, or null without one
 */
public record Columns(
        int user,
        int item,
        int time,
        String userName,
        String itemName,
        @Nullable String timeName) {
    // In the order of preference; compared in lower case and without what is neither letter nor digit.
    private static final List<String> USER_NAMES = List.of(
            "user",
            "userid",
            "uid",
            "customer",
            "customerid",
            "custid",
            "visitor",
            "visitorid",
            "member",
            "memberid",
            "reviewer",
            "reviewerid",
            "account",
            "accountid",
            "client",
            "clientid",
            "player",
            "playerid",
            "author",
            "authorid",
            "username",
            "session",
            "sessionid");
    private static final List<String> ITEM_NAMES = List.of(
            "item",
            "itemid",
            "iid",
            "product",
            "productid",
            "asin",
            "parentasin",
            "stockcode",
            "sku",
            "movie",
            "movieid",
            "article",
            "articleid",
            "track",
            "trackid",
            "song",
            "songid",
            "artist",
            "artistid",
            "venue",
            "venueid",
            "location",
            "locationid",
            "poi",
            "poiid",
            "business",
            "businessid",
            "gmapid",
            "book",
            "bookid",
            "isbn",
            "game",
            "gameid",
            "video",
            "videoid",
            "news",
            "newsid",
            "content",
            "contentid",
            "streamer");
    private static final List<String> TIME_NAMES = List.of(
            "timestamp",
            "time",
            "ts",
            "datetime",
            "date",
            "eventtime",
            "eventtimestamp",
            "unixreviewtime",
            "reviewtime",
            "invoicedate",
            "orderdate",
            "purchasedate",
            "transactiondate",
            "tdat",
            "createdat",
            "created",
            "checkintime",
            "unixtime",
            "epoch");

    /** The largest index among the columns. */
    int last() {
        return Math.max(time, Math.max(user, item));
    }

    /** Returns whether one of the columns has a name that is usual for times. */
    public static boolean haveTimes(List<String> names) {
        return names.stream().anyMatch(name -> TIME_NAMES.contains(simplified(name)));
    }

    /** How the columns of a file without header are given. */
    static Columns byNumber(Path file, int count, ReadOptions options) {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            names.add(Integer.toString(i));
        }
        if (options.userColumn() == null
                || options.itemColumn() == null
                || (options.timeColumn() == null && !options.fileOrder())) {
            throw new UserFacingException(file + ": without a header line the columns must be given by number, such as"
                    + " --user-column 1 --item-column 2 --time-column 3");
        }
        return find(file, names, options);
    }

    /** Finds the columns among {@code names}. */
    public static Columns find(Path file, List<String> names, ReadOptions options) {
        int user = find(file, names, options.userColumn(), USER_NAMES, "user");
        int item = find(file, names, options.itemColumn(), ITEM_NAMES, "item");
        int time = options.fileOrder() ? -1 : find(file, names, options.timeColumn(), TIME_NAMES, "time");
        if (user == item || user == time || item == time) {
            throw new UserFacingException(file + ": user, item and time must be three columns, but "
                    + quoted(names.get(item == time ? item : user)) + " was given for two of them");
        }
        return new Columns(user, item, time, names.get(user), names.get(item), time < 0 ? null : names.get(time));
    }

    private static int find(Path file, List<String> names, @Nullable String wanted, List<String> usual, String role) {
        if (wanted != null) {
            return findWanted(file, names, wanted, role);
        }
        for (String candidate : usual) {
            for (int i = 0; i < names.size(); i++) {
                if (simplified(names.get(i)).equals(candidate)) {
                    return i;
                }
            }
        }
        String without = role.equals("time") ? ", or --file-order if the rows stand in the order of time" : "";
        throw new UserFacingException(file + ": none of the columns " + listed(names) + " is known to hold the " + role
                + "s; name it with --" + role + "-column" + without
                + " (without a header line: --no-header and columns by"
                + " number)");
    }

    private static int findWanted(Path file, List<String> names, String wanted, String role) {
        int found = -1;
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equals(wanted) || untyped(names.get(i)).equals(wanted)) {
                if (found >= 0) {
                    throw new UserFacingException(file + ": two columns are called " + quoted(wanted) + "; give the "
                            + role + " column by its number");
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

    /** The name without the type that RecBole's atomic files write behind it. */
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
