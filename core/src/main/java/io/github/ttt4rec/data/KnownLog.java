package io.github.ttt4rec.data;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Published logs that do not describe their own layout, mostly because they have no header line. */
public final class KnownLog {
    /** MovieLens 100K: {@code u.data}. */
    public static final KnownLog MOVIELENS_100K =
            new KnownLog("movielens-100k", "\t", columns("\t", 1, 2, 4), "[0-9]+", "[0-9]+", "[0-9.]+", "[0-9]{9,10}");

    /** MovieLens 1M and 10M: {@code ratings.dat}. */
    public static final KnownLog MOVIELENS_1M =
            new KnownLog("movielens-1m", "::", columns("::", 1, 2, 4), "[0-9]+", "[0-9]+", "[0-9.]+", "[0-9]{9,10}");

    /** Taobao: {@code UserBehavior.csv}. */
    public static final KnownLog TAOBAO = new KnownLog(
            "taobao", ",", columns(",", 1, 2, 5), "[0-9]+", "[0-9]+", "[0-9]+", "pv|buy|cart|fav", "-?[0-9]+");

    /** YooChoose (RecSys Challenge 2015): {@code yoochoose-clicks.dat} and {@code yoochoose-buys.dat}; users are sessions. */
    public static final KnownLog YOOCHOOSE = new KnownLog(
            "yoochoose", ",", columns(",", 1, 3, 2), "[0-9]+", "[0-9]{4}-[0-9-]+T[0-9:.]+Z", "[0-9]+", ".*");

    /** Gowalla and Brightkite (SNAP): check-ins. */
    public static final KnownLog GOWALLA = new KnownLog(
            "gowalla",
            "\t",
            columns("\t", 1, 5, 2),
            "[0-9]+",
            "[0-9]{4}-[0-9-]+T[0-9:]+Z",
            "-?[0-9.]+",
            "-?[0-9.]+",
            ".+");

    /** Last.fm 1K users: tracks by their id; plays without a track id are dropped and counted. */
    public static final KnownLog LASTFM_1K = new KnownLog(
            "lastfm-1k",
            "\t",
            columns("\t", 1, 5, 2).withSkipBadRows(true),
            "user_[0-9]+",
            "[0-9]{4}-.*Z",
            ".*",
            ".*",
            ".*",
            ".+");

    /** Foursquare, New York and Tokyo: check-ins. */
    public static final KnownLog FOURSQUARE = new KnownLog(
            "foursquare",
            "\t",
            columns("\t", 1, 2, 8).withTimePattern("EEE MMM dd HH:mm:ss Z yyyy").withEncoding("windows-1252"),
            "[0-9]+",
            "[0-9a-f]{24}",
            ".*",
            ".*",
            "-?[0-9.]+",
            "-?[0-9.]+",
            "-?[0-9]+",
            "[A-Z][a-z]{2} [A-Z][a-z]{2} .*");

    /** Amazon reviews of 2014: {@code ratings_*.csv}. */
    public static final KnownLog AMAZON_2014 = new KnownLog(
            "amazon-2014", ",", columns(",", 1, 2, 4), "A[0-9A-Z]{10,}", "[0-9A-Z]{10}", "[0-9.]+", "[0-9]{9,10}");

    /** Amazon reviews of 2018: ratings without metadata, items first. */
    public static final KnownLog AMAZON_2018 = new KnownLog(
            "amazon-2018", ",", columns(",", 2, 1, 4), "[0-9A-Z]{10}", "A[0-9A-Z]{10,}", "[0-9.]+", "[0-9]{9,10}");

    /** SASRec's preprocessed files: a user and an item per line, in time order. */
    public static final KnownLog SASREC = new KnownLog("sasrec", " ", columns(" ", 1, 2, 0), "[0-9]+", "[0-9]+");

    /** Diginetica (CIKM Cup 2016): {@code train-item-views.csv}; users are sessions, because most users are unknown. */
    public static final KnownLog DIGINETICA =
            new KnownLog("diginetica", ";", named("sessionId", "itemId", "eventdate,timeframe"));

    /**
     * Instacart: {@code order_products__*.csv} joined with {@code orders.csv}; instead of dates there is only the
     * sequence of orders.
     */
    public static final KnownLog INSTACART =
            new KnownLog("instacart", ",", named("user_id", "product_id", "order_number,add_to_cart_order"));

    /** Tmall (IJCAI 2015): {@code user_log_format1.csv}, whose days have no year; the year is set to 2000. */
    public static final KnownLog TMALL =
            new KnownLog("tmall", ",", named("user_id", "item_id", "time_stamp").withTimePattern("MMdd"));

    /** OTTO (RecSys 2022): sessions with a list of events, as JSON Lines. */
    public static final KnownLog OTTO = new KnownLog("otto", "", named("session", "events[].aid", "events[].ts"));

    private static final List<KnownLog> ALL = List.of(
            MOVIELENS_100K,
            MOVIELENS_1M,
            TAOBAO,
            YOOCHOOSE,
            GOWALLA,
            LASTFM_1K,
            FOURSQUARE,
            AMAZON_2014,
            AMAZON_2018,
            SASREC,
            DIGINETICA,
            INSTACART,
            TMALL,
            OTTO);

    private final String word;
    private final String delimiter;
    private final ReadOptions options;
    private final List<Pattern> fields;

    private KnownLog(String word, String delimiter, ReadOptions options, String... fields) {
        this.word = word;
        this.delimiter = delimiter;
        this.options = options;
        this.fields = Arrays.stream(fields).map(Pattern::compile).toList();
    }

    private static ReadOptions columns(String delimiter, int user, int item, int time) {
        ReadOptions options = ReadOptions.defaults()
                .withHeader(false)
                .withFormat(FileFormat.DELIMITED)
                .withDelimiter(delimiter)
                .withQuotes(false);
        return time == 0
                ? options.withColumns(Integer.toString(user), Integer.toString(item), null)
                        .withFileOrder(true)
                : options.withColumns(Integer.toString(user), Integer.toString(item), Integer.toString(time));
    }

    private static ReadOptions named(String user, String item, String time) {
        return ReadOptions.defaults().withColumns(user, item, time);
    }

    /** The log's name in options, such as {@code movielens-1m}. */
    public String word() {
        return word;
    }

    /** The options that read the log. */
    public ReadOptions options() {
        return options;
    }

    /** The log of this name, if there is one. */
    public static Optional<KnownLog> of(String word) {
        return ALL.stream().filter(log -> log.word().equalsIgnoreCase(word)).findFirst();
    }

    /** All names, separated by commas. */
    public static String words() {
        return ALL.stream().map(KnownLog::word).collect(Collectors.joining(", "));
    }

    /** The log whose rows look like {@code row}, or null. */
    public static @Nullable KnownLog like(String delimiter, List<String> row) {
        for (KnownLog log : ALL) {
            boolean alike = log.delimiter.equals(delimiter) && !log.fields.isEmpty() && log.fields.size() == row.size();
            for (int i = 0; alike && i < row.size(); i++) {
                alike = log.fields.get(i).matcher(row.get(i)).matches();
            }
            if (alike) {
                return log;
            }
        }
        return null;
    }
}
