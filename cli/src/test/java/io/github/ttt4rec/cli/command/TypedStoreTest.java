package io.github.ttt4rec.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Types and values of events go into a store and out of it, and a model trains on either form alike. */
class TypedStoreTest {
    private static final String[] TYPES = {"--types", "buy,view=input,remove=negative"};

    @TempDir
    private Path directory;

    private Path typedLog() throws IOException {
        List<String> rows = Files.readAllLines(Run.log(directory, "plain.csv", 60));
        List<String> typed = new ArrayList<>(List.of(rows.getFirst() + ",event,rating"));
        for (int i = 1; i < rows.size(); i++) {
            typed.add(rows.get(i)
                    + List.of(",buy,4.5", ",view,", ",view,", ",remove,").get(i % 4));
        }
        return Files.write(directory.resolve("typed.csv"), typed);
    }

    @Test
    void storeAndItsExportTrainTheSameModel() throws IOException {
        Path log = typedLog();
        Path state = directory.resolve("shop.db");
        String[] columns = {"--type-column", "event", "--value-column", "rating"};
        Run.of(
                        "import",
                        "--data",
                        log.toString(),
                        "--state",
                        state.toString(),
                        columns[0],
                        columns[1],
                        columns[2],
                        columns[3])
                .done();
        Path exported = directory.resolve("exported.csv");
        Run.of("export", "--state", state.toString(), "--out", exported.toString())
                .done();
        assertThat(exported)
                .content()
                .startsWith("user,item,time,event_id,type,value\n")
                .contains(",buy,4.5\n");
        Path copy = directory.resolve("copy.db");
        Path again = directory.resolve("again.csv");
        Run.of(
                        "import",
                        "--data",
                        exported.toString(),
                        "--state",
                        copy.toString(),
                        "--type-column",
                        "type",
                        "--value-column",
                        "value")
                .done();
        Run.of("export", "--state", copy.toString(), "--out", again.toString()).done();
        assertThat(again).hasSameTextualContentAs(exported);
        train(state, "store", TYPES);
        train(exported, "exported", TYPES[0], TYPES[1], "--type-column", "type");
        assertThat(weights("store")).isEqualTo(weights("exported"));
        Path parquet = directory.resolve("exported.parquet");
        Run.of("export", "--state", state.toString(), "--out", parquet.toString())
                .done();
        train(parquet, "parquet", TYPES[0], TYPES[1], "--type-column", "type");
        assertThat(weights("store")).isEqualTo(weights("parquet"));
        Run.of("train", "--data", state.toString(), "--out", "none", "--types", "buy")
                .failedSaying("the type \"view\" fits no rule of --types");
        Run.of("train", "--data", state.toString(), "--out", "none", "--types", "buy,view=inptu")
                .wrongUsageSaying("--types", "inptu");
    }

    @Test
    void importWithTypesTakesEveryEventThatIsNotIgnored() throws IOException {
        Path state = directory.resolve("shop.db");
        String log = typedLog().toString();
        String[] start = {"import", "--data", log, "--state", state.toString(), "--type-column", "event"};
        List<String> words = new ArrayList<>(List.of(start));
        words.addAll(List.of("--types", "view=ignored,remove=negative,*"));
        assertThat(Run.of(words.toArray(String[]::new)).done().out()).contains("360 events");
        words.addAll(List.of("--max-users", "5"));
        Run.of(words.toArray(String[]::new)).wrongUsageSaying("every event is imported");
    }

    private void train(Path data, String name, String... more) {
        List<String> words = new ArrayList<>(List.of("--set", "epochs=1", "--no-test"));
        words.addAll(List.of(more));
        Run.train(data, directory.resolve(name), words.toArray(String[]::new)).done();
    }

    private byte[] weights(String name) {
        return Run.bytes(directory.resolve(name).resolve("model.safetensors"));
    }
}
