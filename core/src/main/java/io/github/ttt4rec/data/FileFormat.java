package io.github.ttt4rec.data;

/** The file formats that hold an interaction log. Each may be compressed with gzip. */
public enum FileFormat {
    /** Detected from the file's first bytes and its name. */
    AUTO,
    /** Comma-, tab- or otherwise separated text; fields may be quoted with {@code "}. */
    DELIMITED,
    /** One JSON object on each line. */
    JSON_LINES,
    /** Apache Parquet with flat columns. */
    PARQUET,
    /** RecBole's atomic {@code .inter} files: tab-separated, never quoted, with a header like {@code user_id:token}. */
    RECBOLE
}
