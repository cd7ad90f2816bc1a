package io.github.ttt4rec.data;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Published logs that do not say themselves how they are to be read, above all those without a header line. */
public enum KnownLog {
    /** MovieLens 100K: {@code u.data}. */
    MOVIELENS_100K("\t", columns("\t", 1, 2, 4), "[0-9]+", "[0-9]+", "[0-9.]+", "[0-9]{9,10}"),
    /** MovieLens 1M and 10M: {@code ratings.dat}. */
    MOVIELENS_1M("::", columns("::", 1, 2, 4), "[0-9]+", "[0-9]+", "[0-9.]+", "[0-9]{9,10}"),
    /** Taobao: {@code UserBehavior.csv}. */
    TAOBAO(",", columns(",", 1, 2, 5), "[0-9]+", "[0-9]+", "[0-9]+", "pv|buy|cart|fav", "-?[0-9]+"),
    /** YooChoose (RecSys Challenge 2015): {@code yoochoose-clicks.dat} and {@code yoochoose-buys.dat}; users are sessions. */
    YOOCHOOSE(",", columns(",", 1, 3, 2), "[0-9]+", "[0-9]{4}-[0-9-]+T[0-9:.]+Z", "[0-9]+", ".*"),
    /** Gowalla and Brightkite (SNAP): check-ins. */
    GOWALLA("\t", columns("\t", 1, 5, 2), "[0-9]+", "[0-9]{4}-[0-9-]+T[0-9:]+Z", "-?[0-9.]+", "-?[0-9.]+", ".+"),
    /** Last.fm 1K users: tracks by their id; plays without one are left out and counted. */
    LASTFM_1K("\t", columns("\t", 1, 5, 2).withSkipBadRows(true), "user_[0-9]+", "[0-9]{4}-.*Z", ".*", ".*", ".*", ".+"),
    /** Foursquare, New York and Tokyo: check-ins. */
    FOURSQUARE(
            "\t",
            columns("\t", 1, 2, 8).withTimePattern("EEE MMM dd HH:mm:ss Z yyyy").withEncoding("windows-1252"),
            "[0-9]+",
            "[0-9a-f]{24}",
            ".*",
            ".*",
            "-?[0-9.]+",
            "-?[0-9.]+",
            "-?[0-9]+",
            "[A-Z][a-z]{2} [A-Z][a-z]{2} .*"),
    /** Amazon reviews of 2014: {@code ratings_*.csv}. */
    AMAZON_2014(",", columns(",", 1, 2, 4), "A[0-9A-Z]{10,}", "[0-9A-Z]{10}", "[0-9.]+", "[0-9]{9,10}"),
    /** Amazon reviews of 2018: ratings without metadata, items first. */
    AMAZON_2018(",", columns(",", 2, 1, 4), "[0-9A-Z]{10}", "A[0-9A-Z]{10,}", "[0-9.]+", "[0-9]{9,10}"),
    /** SASRec's preprocessed files: a user and an item on each line, in the order of time. */
    SASREC(" ", columns(" ", 1, 2, 0), "[0-9]+", "[0-9]+"),
    /** Diginetica (CIKM Cup 2016): {@code train-item-views.csv}; users are sessions, as most users are not known. */
    DIGINETICA(";", named("sessionId", "itemId", "eventdate,timeframe"), new String[0]),
    /** Instacart: {@code order_products__*.csv} joined with {@code orders.csv}; there are no dates, only the order of orders. */
    INSTACART(",", named("user_id", "product_id", "order_number,add_to_cart_order"), new String[0]),
    /** Tmall (IJCAI 2015): {@code user_log_format1.csv}, whose days have no year; they are taken as those of 2000. */
    TMALL(",", named("user_id", "item_id", "time_stamp").withTimePattern("MMdd"), new String[0]),
    /** OTTO (RecSys 2022): sessions with a list of events, as JSON Lines. */
    OTTO("", named("session", "events[].aid", "events[].ts"), new String[0]);

    private final String delimiter;
    private final ReadOptions options;
    private final List<Pattern> fields;

    KnownLog(String delimiter, ReadOptions options, String... fields) {
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
                ? options.withColumns(Integer.toString(user), Integer.toString(item), null).withFileOrder(true)
                : options.withColumns(Integer.toString(user), Integer.toString(item), Integer.toString(time));
    }

    private static ReadOptions named(String user, String item, String time) {
        return ReadOptions.defaults().withColumns(user, item, time);
    }

    /** The name in options, such as {@code movielens-1m}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** How to read it. */
    public ReadOptions options() {
        return options;
    }

    /** The log called {@code word}, or nothing. */
    public static Optional<KnownLog> of(String word) {
        return Arrays.stream(values())
                .filter(log -> log.word().equalsIgnoreCase(word))
                .findFirst();
    }

    /** All names, with commas between them. */
    public static String words() {
        return Arrays.stream(values()).map(KnownLog::word).collect(Collectors.joining(", "));
    }

    /** The log whose rows look like {@code row}, or null. */
    public static @Nullable KnownLog like(String delimiter, List<String> row) {
        for (KnownLog log : values()) {
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
