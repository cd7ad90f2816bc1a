package io.github.ttt4rec.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.ttt4rec.catalogue.ItemFile;
import io.github.ttt4rec.cli.Run;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.serve.store.LoggedEvent;
import io.github.ttt4rec.serve.store.StoreLog;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetWriterTest {
    private static final List<ParquetWriter.Column> COLUMNS = List.of(
            new ParquetWriter.Column("user", ParquetWriter.Kind.TEXT, false),
            new ParquetWriter.Column("item", ParquetWriter.Kind.TEXT, false),
            new ParquetWriter.Column("time", ParquetWriter.Kind.TIME, false),
            new ParquetWriter.Column("event_id", ParquetWriter.Kind.TEXT, true));

    @TempDir
    private Path directory;

    @Test
    void rowsOfSeveralGroupsAreReadAsTheyWereWritten() throws IOException {
        Instant time = Instant.parse("1969-12-31T23:59:59.000001Z");
        Path file = directory.resolve("events.parquet");
        try (OutputStream out = Files.newOutputStream(file);
                ParquetWriter writer = new ParquetWriter(out, COLUMNS, 9)) {
            for (int row = 0; row < 20; row++) {
                long micros = EventTime.micros(time.plusSeconds(row));
                writer.add("zoë " + row % 3, "品-" + row, micros, row % 4 == 0 ? "id" + row : null);
            }
        }
        Path state = directory.resolve("shop.db");
        Run.of("import", "--data", file.toString(), "--state", state.toString()).done();
        try (StoreLog log = StoreLog.open(state)) {
            assertThat(log)
                    .hasSize(20)
                    .extracting(LoggedEvent::user, LoggedEvent::item, LoggedEvent::time)
                    .startsWith(tuple("zoë 0", "品-0", time), tuple("zoë 1", "品-1", time.plusSeconds(1)))
                    .endsWith(tuple("zoë 1", "品-19", time.plusSeconds(19)));
        }
    }

    @Test
    void itemsAreReadFromParquetAsFromCsv() throws IOException {
        Path parquet = directory.resolve("items.parquet");
        List<ParquetWriter.Column> columns = List.of(
                new ParquetWriter.Column("item", ParquetWriter.Kind.TEXT, false),
                new ParquetWriter.Column("title", ParquetWriter.Kind.TEXT, true),
                new ParquetWriter.Column("category", ParquetWriter.Kind.TEXT, true),
                new ParquetWriter.Column("available_from", ParquetWriter.Kind.TIME, true),
                new ParquetWriter.Column("price", ParquetWriter.Kind.NUMBER, true),
                new ParquetWriter.Column("size", ParquetWriter.Kind.TEXT, true));
        long time = EventTime.micros(Instant.parse("2026-01-31T12:00:00.000001Z"));
        try (OutputStream out = Files.newOutputStream(parquet);
                ParquetWriter writer = new ParquetWriter(out, columns)) {
            writer.add("a", "Boots, red", "shoes > boots|sale", time, 29.9, "38");
            writer.add("b", null, null, null, null, "XL");
        }
        Path csv = Files.writeString(directory.resolve("items.csv"), """
                item,title,category,available_from,price,size
                a,"Boots, red",shoes > boots|sale,2026-01-31T12:00:00.000001Z,29.9,38
                b,,,,,XL
                """);
        assertThat(ItemFile.read(parquet)).hasSize(2).isEqualTo(ItemFile.read(csv));
        try (OutputStream out = Files.newOutputStream(parquet);
                ParquetWriter writer = new ParquetWriter(out, columns)) {
            writer.add("a", null, null, null, null, null);
            writer.add("a", null, null, null, null, null);
        }
        assertThatThrownBy(() -> ItemFile.read(parquet))
                .hasMessage(parquet + ", row 2: item 'a' occurs twice in this file");
    }

    @Test
    void rowWithoutARequiredValueIsRefused() throws IOException {
        try (ParquetWriter writer = new ParquetWriter(OutputStream.nullOutputStream(), COLUMNS)) {
            assertThatThrownBy(() -> writer.add("ann", null, 1L, null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("item");
        }
    }
}
