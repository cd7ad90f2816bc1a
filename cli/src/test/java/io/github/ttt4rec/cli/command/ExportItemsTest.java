package io.github.ttt4rec.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.catalogue.ItemFile;
import io.github.ttt4rec.catalogue.ItemRecord;
import io.github.ttt4rec.cli.Run;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.Impression;
import io.github.ttt4rec.serve.store.StoreConfig;
import io.github.ttt4rec.serve.store.StoredItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportItemsTest {
    @TempDir
    private Path directory;

    @Test
    void exportedAttributesAreThoseOfTheStore() {
        Path state = directory.resolve("state.db");
        Path out = directory.resolve("items.jsonl.gz");
        try (EventStore store = EventStore.open(state, StoreConfig.defaults())) {
            store.putItems(
                    List.of(
                            new StoredItem("b", "{\"title\":\"Boots\",\"attributes\":{\"price\":29.9}}"),
                            new StoredItem("a", "{\"labels\":[\"sale\"]}")),
                    Map.of("price", "number"));
            Run.of("export", "--state", state.toString(), "--out", out.toString(), "--items")
                    .done();
        }
        List<ItemRecord> items = ItemFile.read(out);
        assertThat(items).extracting(ItemRecord::id).containsExactly("a", "b");
        assertThat(items.get(0).attributes().labels()).containsExactly("sale");
        assertThat(items.get(1).attributes().title()).isEqualTo("Boots");
        Run wrong = Run.of(
                "export", "--state", state.toString(), "--out", out.toString(), "--items", "--since", "2026-01-01");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("leave --format and --since out");
    }

    @Test
    void exportedImpressionsAreThoseOfTheStore() throws IOException {
        Path state = directory.resolve("state.db");
        Path out = directory.resolve("shown.csv");
        try (EventStore store = EventStore.open(state, StoreConfig.defaults())) {
            store.show(new Impression("u", List.of("b", "a"), "home", "list", 1_000_000));
            store.show(new Impression("u", List.of("a"), "page", null, 2_000_000));
            Run.of("export", "--state", state.toString(), "--out", out.toString(), "--impressions")
                    .done();
        }
        assertThat(Files.readString(out)).isEqualTo("""
                user,item,scenario,place,shown,time
                u,a,page,1,2,1970-01-01T00:00:02Z
                u,b,home,1,1,1970-01-01T00:00:01Z
                """);
        Run wrong = Run.of(
                "export", "--state", state.toString(), "--out", out.toString(), "--impressions", "--format", "jsonl");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("leave --items, --format and --since out");
    }
}
