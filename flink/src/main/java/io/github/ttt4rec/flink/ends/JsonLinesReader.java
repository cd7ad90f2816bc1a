package io.github.ttt4rec.flink.ends;

import io.github.ttt4rec.flink.state.BadRow;
import io.github.ttt4rec.flink.state.Input;
import io.github.ttt4rec.flink.state.Row;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads JSON Lines: one object per line. */
public final class JsonLinesReader implements RowReader {
    /** Parses one line. */
    @FunctionalInterface
    interface Parser {
        /** Parses one line. */
        Input parse(byte[] line) throws JsonRows.WrongRowException;
    }

    private final String source;
    private final BufferedReader lines;
    private final Parser parser;
    private long number;

    JsonLinesReader(String source, BufferedReader lines, Parser parser) {
        this.source = source;
        this.lines = lines;
        this.parser = parser;
    }

    @Override
    public @Nullable Row next() throws IOException {
        String line = lines.readLine();
        number++;
        while (line != null && line.isBlank()) {
            line = lines.readLine();
            number++;
        }
        if (line == null) {
            return null;
        }
        try {
            return parser.parse(line.getBytes(StandardCharsets.UTF_8));
        } catch (JsonRows.WrongRowException e) {
            return new BadRow(source + ", line " + number + ": " + e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
