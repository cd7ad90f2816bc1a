package io.github.ttt4rec.io.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.internal.Sha256;
import io.github.ttt4rec.io.Provenance;
import io.github.ttt4rec.io.TensorData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.AbstractMap;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDirectoryTest {
    private static final String EMBEDDING = "item_embedding.weight";
    private static final List<String> STAGED = List.of(
            "model.safetensors.new",
            "config.yaml.new",
            "items.jsonl.new",
            "popularity.jsonl.new",
            "provenance.json.new");

    /** The version number of a model saved before popularity was stored. */
    private static final int EARLIER = 7;

    @TempDir
    Path temporary;

    @Test
    void savedModelIsLoaded() throws IOException {
        Path directory = temporary.resolve("made").resolve("model");
        List<String> ids = List.of(
                "plain",
                "tab\there",
                "line\nfeed\r\n",
                "\"quoted\" \\ back",
                "",
                " ",
                "naïve 日本 🎮",
                "\u0000\u2028\u0085",
                "0042",
                "null");
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("z", 1);
        config.put("a", Map.of("rate", 0.001));
        long[] popularity = {0, 7, 0, 1, Long.MAX_VALUE, 2, 2, 2, 30, 4, 5};
        ModelDirectory.save(directory, config, new IdMap(ids), popularity, weights(ids.size(), 5f), provenance(3));

        SavedModel model = ModelDirectory.load(directory);

        assertThat(model.items().names()).isEqualTo(ids);
        assertThat(model.popularity()).containsExactly(popularity);
        assertThat(model.config()).isEqualTo(config);
        assertThat(model.provenance()).isEqualTo(provenance(3));
        assertThat(model.weightsSha256()).hasSize(64);
        Map<String, float[]> weights = model.weights(shapes(ids.size()), EMBEDDING);
        assertThat(weights.keySet())
                .containsExactlyElementsOf(shapes(ids.size()).keySet());
        assertThat(weights.get(EMBEDDING)).hasSize(2 * (ids.size() + 1)).containsOnly(5f);
        assertThat(names(directory))
                .containsExactlyInAnyOrder(
                        "model.safetensors", "config.yaml", "items.jsonl", "popularity.jsonl", "provenance.json");
        assertThat(Files.readString(directory.resolve("items.jsonl"))).contains("\n\"naïve 日本 🎮\"\n");
    }

    @Test
    void newModelReplacesTheOldAndLeavesOtherFilesAlone() throws IOException {
        Path directory = temporary.resolve("model");
        save(directory, 1);
        Files.writeString(directory.resolve("notes.txt"), "mine");
        save(directory, 2);
        assertThat(version(directory)).isEqualTo(2);
        assertThat(directory.resolve("notes.txt")).hasContent("mine");
        assertThat(names(directory)).doesNotContainAnyElementsOf(STAGED);
    }

    /** All states that a crash can leave: files are staged one after the other, then renamed one after the other. */
    @Test
    void crashAtAnyMomentLeavesTheOldModelOrTheNew() throws IOException {
        Path old = temporary.resolve("old");
        save(old, 1);
        assertThatACrashLeavesTheOldModelOrTheNew(old, 1);
    }

    /** The same if the old model was saved before popularity was stored. */
    @Test
    void crashLeavesTheOldModelOfAnEarlierFormatOrTheNew() throws IOException {
        Path old = temporary.resolve("old");
        save(old, EARLIER);
        removePopularity(old);
        assertThatACrashLeavesTheOldModelOrTheNew(old, EARLIER);
    }

    private void assertThatACrashLeavesTheOldModelOrTheNew(Path old, int before) throws IOException {
        Path fresh = temporary.resolve("fresh");
        save(fresh, 2);
        List<String> order =
                List.of("model.safetensors", "config.yaml", "items.jsonl", "popularity.jsonl", "provenance.json");
        List<String> renames =
                List.of("provenance.json", "model.safetensors", "config.yaml", "items.jsonl", "popularity.jsonl");
        for (int staged = 0; staged <= 5; staged++) {
            for (int renamed = 0; renamed <= (staged == 5 ? 5 : 0); renamed++) {
                for (boolean lastTorn : new boolean[] {false, true}) {
                    Path crashed = temporary.resolve("crash-" + staged + "-" + renamed + "-" + lastTorn);
                    copy(old, crashed);
                    for (String name : order.subList(0, staged)) {
                        Files.copy(fresh.resolve(name), crashed.resolve(name + ".new"));
                    }
                    if (lastTorn && staged < 5) {
                        byte[] whole = Files.readAllBytes(fresh.resolve(order.get(staged)));
                        Files.write(
                                crashed.resolve(order.get(staged) + ".new"), Arrays.copyOf(whole, whole.length / 2));
                    }
                    for (String name : renames.subList(0, renamed)) {
                        Files.move(
                                crashed.resolve(name + ".new"),
                                crashed.resolve(name),
                                StandardCopyOption.REPLACE_EXISTING);
                    }
                    String state = "staged " + staged + ", renamed " + renamed + ", torn " + lastTorn;
                    assertThat(version(crashed)).as(state).isEqualTo(renamed == 0 ? before : 2);

                    Path again = temporary.resolve("again");
                    copy(crashed, again);
                    assertThatThrownBy(() -> saveFailing(again)).hasStackTraceContaining("No space left on device");
                    assertThat(version(again))
                            .as("%s, then a save that fails", state)
                            .isEqualTo(renamed == 0 ? before : 2);
                    save(again, 3);
                    assertThat(version(again)).as("%s, then a save", state).isEqualTo(3);
                    assertThat(names(again)).doesNotContainAnyElementsOf(STAGED);
                }
            }
        }
    }

    @Test
    void fullDiskLeavesTheOldModel() throws IOException, InterruptedException {
        assumeThat(Path.of("/bin/sh")).as("a shell to set a limit in").exists();
        Path directory = temporary.resolve("model");
        save(directory, 1);
        List<String> before = names(directory);
        // The system limits the size of the process's files to 32 KiB (64 blocks of 512 bytes in POSIX sh; a shell that
        // counts in KiB allows 64 KiB), which looks like a full disk to the writer.
        Process process = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "ulimit -f 64 && exec \"$@\"",
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SaveLargeModel.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isEqualTo(1);
        assertThat(output.strip().lines().toList())
                .singleElement()
                .asString()
                .startsWith(directory + ": cannot write: ")
                .contains("free there")
                .endsWith("what was there before is unchanged");
        assertThat(version(directory)).isEqualTo(1);
        assertThat(names(directory)).containsExactlyInAnyOrderElementsOf(before);
    }

    /** Saves a model of 400 KB; runs in a separate process. */
    public static final class SaveLargeModel {
        private SaveLargeModel() {}

        /** Saves to the given directory. */
        public static void main(String[] arguments) {
            List<String> ids =
                    IntStream.range(0, 50_000).mapToObj(Integer::toString).toList();
            try {
                ModelDirectory.save(
                        Path.of(arguments[0]),
                        Map.of("version", 9),
                        new IdMap(ids),
                        new long[0],
                        weights(50_000, 9),
                        provenance(9));
            } catch (UserFacingException expected) {
                System.out.println(expected.getMessage());
                System.exit(1);
            }
        }
    }

    @Test
    void loadingWhileAnotherSavesNeverMixes() throws InterruptedException, ExecutionException {
        Path directory = temporary.resolve("model");
        save(directory, 0);
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            Future<?> saves = executor.submit(() -> {
                for (int version = 1; version <= 40; version++) {
                    save(directory, version);
                }
            });
            int last = 0;
            while (!saves.isDone()) {
                int version = version(directory);
                assertThat(version).isGreaterThanOrEqualTo(last);
                last = version;
            }
            saves.get();
        }
        assertThat(version(directory)).isEqualTo(40);
    }

    @Test
    void missingFilesAreNamed() throws IOException {
        assertThatThrownBy(() -> ModelDirectory.load(temporary.resolve("none")))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("there is no such model directory");
        Path file = Files.writeString(temporary.resolve("file"), "x");
        assertThatThrownBy(() -> ModelDirectory.load(file)).hasMessageContaining("not a model directory but a file");
        assertThatThrownBy(() -> ModelDirectory.load(temporary)).hasMessageContaining("not a ttt4rec model directory");
        for (String name :
                List.of("model.safetensors", "config.yaml", "items.jsonl", "popularity.jsonl", "provenance.json")) {
            Path directory = temporary.resolve("without-" + name);
            save(directory, 1);
            Files.delete(directory.resolve(name));
            assertThatThrownBy(() -> ModelDirectory.load(directory))
                    .isInstanceOf(UserFacingException.class)
                    .hasMessageContaining("its " + name + " is missing");
        }
    }

    @Test
    void damagedFilesAreNamed() throws IOException {
        for (String name : List.of("model.safetensors", "config.yaml", "items.jsonl", "popularity.jsonl")) {
            Path directory = temporary.resolve("bent-" + name);
            save(directory, 1);
            byte[] bytes = Files.readAllBytes(directory.resolve(name));
            bytes[bytes.length - 2] ^= 1;
            Files.write(directory.resolve(name), bytes);
            assertThatThrownBy(() -> ModelDirectory.load(directory))
                    .isInstanceOf(UserFacingException.class)
                    .hasMessageStartingWith(directory.resolve(name) + ": damaged or replaced");
        }
        Path directory = temporary.resolve("model");
        save(directory, 1);
        Path provenance = directory.resolve("provenance.json");
        String text = Files.readString(provenance);
        Files.writeString(provenance, text.substring(0, text.length() / 2));
        assertThatThrownBy(() -> ModelDirectory.load(directory)).hasMessageContaining("damaged: not valid JSON");
        Files.writeString(provenance, "{\"format\": \"something else\"}");
        assertThatThrownBy(() -> ModelDirectory.load(directory)).hasMessageContaining("foreign or damaged");
        Files.writeString(provenance, text.replace("\"seed\" : 1", "\"seed\" : \"x\""));
        assertThatThrownBy(() -> ModelDirectory.load(directory))
                .isInstanceOf(UserFacingException.class)
                .hasMessageStartingWith(provenance + ": damaged: ")
                .hasMessageNotContainingAny("\n");
        Files.writeString(provenance, text.replace("\"format_version\" : 1", "\"format_version\" : 2"));
        assertThatThrownBy(() -> ModelDirectory.load(directory))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("written by a newer ttt4rec (0.1.0, format 2; this one reads up to 1)");
    }

    @Test
    void provenanceIsInSnakeCaseAndReadInTheCamelCaseOfOlderVersions() throws IOException {
        Path directory = temporary.resolve("model");
        save(directory, 1);
        Path provenance = directory.resolve("provenance.json");
        String text = Files.readString(provenance);
        assertThat(text)
                .contains("\"format_version\"", "\"project_version\"", "\"java_version\"", "\"best_epoch\"")
                .doesNotContainPattern("\"[a-z]+[A-Z][A-Za-z]*\" :");
        Provenance saved = ModelDirectory.load(directory).provenance();
        Files.writeString(
                provenance,
                text.replace("format_version", "formatVersion")
                        .replace("project_version", "projectVersion")
                        .replace("java_version", "javaVersion")
                        .replace("best_epoch", "bestEpoch"));
        assertThat(ModelDirectory.load(directory).provenance()).isEqualTo(saved);
    }

    @Test
    void fileReplacedOnPurposeIsTakenOnceItsChecksumIsRemoved() throws IOException {
        Path directory = temporary.resolve("model");
        save(directory, 1);
        Path weights = directory.resolve("model.safetensors");
        Safetensors.write(weights, Map.of(), weights(2, 77f));
        assertThatThrownBy(() -> ModelDirectory.load(directory))
                .hasMessageContaining("remove its entry under \"files\"");
        Path provenance = directory.resolve("provenance.json");
        Files.writeString(
                provenance, Files.readString(provenance).replaceAll("\"model.safetensors\" : \"[0-9a-f]+\",", ""));
        assertThat(ModelDirectory.load(directory).weights(shapes(2), EMBEDDING).get(EMBEDDING))
                .containsOnly(77f);

        Files.writeString(directory.resolve("items.jsonl"), "\"a\"\n\"a\"\n");
        Files.writeString(
                provenance, Files.readString(provenance).replaceAll("\"files\" : \\{[^}]*}", "\"files\" : {}"));
        assertThatThrownBy(() -> ModelDirectory.load(directory)).hasMessageContaining("id given twice: a");
        Files.writeString(directory.resolve("items.jsonl"), "\"a\"\n17\n");
        assertThatThrownBy(() -> ModelDirectory.load(directory))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("line 2 is not a JSON string");
        Files.writeString(directory.resolve("items.jsonl"), "\"a\"\n\"b\n");
        assertThatThrownBy(() -> ModelDirectory.load(directory)).hasMessageContaining("line 2 is not a JSON string");
    }

    @Test
    void weightsThatDoNotFitAreNamed() {
        Path directory = temporary.resolve("model");
        ModelDirectory.save(
                directory, Map.of(), new IdMap(List.of("a", "b", "c")), new long[0], weights(2, 1f), provenance(1));
        SavedModel mixed = ModelDirectory.load(directory);
        assertThatThrownBy(() -> mixed.weights(shapes(3), EMBEDDING))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("shape [3, 2], but items.jsonl lists 3 items, which asks for 4 rows");

        save(directory, 1);
        SavedModel model = ModelDirectory.load(directory);
        Map<String, int[]> other = shapes(2);
        other.put("norm", new int[] {2});
        assertThatThrownBy(() -> model.weights(other, EMBEDDING))
                .hasMessageContaining("tensor norm has shape [3], expected [2]");
        other.remove("norm");
        assertThatThrownBy(() -> model.weights(other, EMBEDDING)).hasMessageContaining("the first is norm");
        Map<String, int[]> more = shapes(2);
        more.put("bias", new int[] {1});
        assertThatThrownBy(() -> model.weights(more, EMBEDDING)).hasMessageContaining("has no tensor bias");

        ModelDirectory.save(
                directory, Map.of(), new IdMap(List.of("a", "b")), new long[0], weights(2, Float.NaN), provenance(1));
        assertThatThrownBy(() -> ModelDirectory.load(directory).weights(shapes(2), EMBEDDING))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("holds NaN at index 0");
    }

    @Test
    void aModelSavedBeforePopularityWasKeptHasNone() throws IOException {
        Path directory = temporary.resolve("model");
        save(directory, EARLIER);
        removePopularity(directory);
        assertThat(version(directory)).isEqualTo(EARLIER);

        // A file that is not listed may belong to another model.
        Files.writeString(directory.resolve("popularity.jsonl"), "1\n2\n");
        assertThat(version(directory)).isEqualTo(EARLIER);

        save(directory, 2);
        assertThat(version(directory)).isEqualTo(2);
        save(directory, EARLIER);
        assertThat(version(directory)).isEqualTo(EARLIER);
        assertThat(directory.resolve("popularity.jsonl")).isEmptyFile();
    }

    @Test
    void damageToAnyByteOfThePopularityIsDetected() throws IOException {
        Path directory = temporary.resolve("model");
        save(directory, 12);
        Path file = directory.resolve("popularity.jsonl");
        byte[] whole = Files.readAllBytes(file);
        assertThat(whole).asString(StandardCharsets.UTF_8).isEqualTo("12\n120\n");
        for (int i = 0; i < whole.length; i++) {
            byte[] bent = whole.clone();
            bent[i] ^= 1;
            Files.write(file, bent);
            assertThatThrownBy(() -> ModelDirectory.load(directory))
                    .isInstanceOf(UserFacingException.class)
                    .hasMessageStartingWith(file + ": damaged or replaced")
                    .hasMessageEndingWith("to do without it");
            Files.write(file, Arrays.copyOf(whole, i));
            assertThatThrownBy(() -> ModelDirectory.load(directory)).hasMessageContaining("damaged or replaced");
        }
        unlist(directory, "popularity.jsonl");
        assertThat(ModelDirectory.load(directory).popularity()).isEmpty();
    }

    @Test
    void popularityThatDoesNotFitIsNamed() throws IOException {
        Path directory = temporary.resolve("model");
        IdMap items = new IdMap(List.of("a", "b"));
        ModelDirectory.save(directory, Map.of(), items, new long[] {0, 1, 2, 3}, weights(2, 1f), provenance(1));
        assertThatThrownBy(() -> ModelDirectory.load(directory))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("popularity.jsonl: has 3 lines, but items.jsonl lists 2 items");
        ModelDirectory.save(directory, Map.of(), items, new long[] {0, 1, -2}, weights(2, 1f), provenance(1));
        assertThatThrownBy(() -> ModelDirectory.load(directory))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("line 2 is below 0");

        byte[] text = "1\ntwo\n".getBytes(StandardCharsets.UTF_8);
        Files.write(directory.resolve("popularity.jsonl"), text);
        String checksum = HexFormat.of().formatHex(Sha256.newDigest().digest(text));
        Path provenance = directory.resolve("provenance.json");
        Files.writeString(
                provenance,
                Files.readString(provenance)
                        .replaceAll("(\"popularity.jsonl\" : )\"[0-9a-f]+\"", "$1\"" + checksum + "\""));
        assertThatThrownBy(() -> ModelDirectory.load(directory))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("line 2 is no whole number");
    }

    @Test
    void foreignFilesAreNotOverwritten() throws IOException {
        Path directory = Files.createDirectory(temporary.resolve("foreign"));
        Files.writeString(directory.resolve("config.yaml"), "mine: true\n");
        assertThatThrownBy(() -> save(directory, 1))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("holds a config.yaml but no ttt4rec model");
        assertThat(directory.resolve("config.yaml")).hasContent("mine: true\n");
        Files.writeString(directory.resolve("provenance.json"), "{\"artist\": \"Vermeer\"}");
        assertThatThrownBy(() -> save(directory, 1)).hasMessageContaining("was not written by ttt4rec");
        Files.writeString(directory.resolve("provenance.json"), "{\"art");
        assertThatThrownBy(() -> save(directory, 1))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("it is not overwritten");
        assertThat(names(directory)).containsExactlyInAnyOrder("config.yaml", "provenance.json");
    }

    private static void save(Path directory, int version) {
        ModelDirectory.save(
                directory,
                Map.of("version", version),
                new IdMap(List.of("item of " + version, "b")),
                popularity(version),
                weights(2, version),
                provenance(version));
    }

    /** A save that fails after staging the weights, as when the disk becomes full in the middle. */
    private static void saveFailing(Path directory) {
        Map<String, Object> unwritable = new AbstractMap<>() {
            @Override
            public Set<Entry<String, Object>> entrySet() {
                throw new UncheckedIOException(new IOException("No space left on device"));
            }
        };
        ModelDirectory.save(
                directory, unwritable, new IdMap(List.of("a", "b")), new long[0], weights(2, 8), provenance(8));
    }

    /** The version of the model in {@code directory}; fails if its files belong to different versions. */
    private static int version(Path directory) {
        SavedModel model = ModelDirectory.load(directory);
        int version = (int) model.provenance().seed();
        assertThat(model.config()).isEqualTo(Map.of("version", version));
        assertThat(model.items().name(1)).isEqualTo("item of " + version);
        assertThat(model.popularity()).containsExactly(popularity(version));
        assertThat(model.weights(shapes(2), EMBEDDING).get(EMBEDDING)).containsOnly(version);
        return version;
    }

    /** A model saved before popularity was stored has none. */
    private static long[] popularity(int version) {
        return version == EARLIER ? new long[0] : new long[] {0, version, 10L * version};
    }

    /** Turns a directory into one saved before popularity was stored. */
    private static void removePopularity(Path directory) throws IOException {
        Files.delete(directory.resolve("popularity.jsonl"));
        unlist(directory, "popularity.jsonl");
    }

    private static void unlist(Path directory, String name) throws IOException {
        Path provenance = directory.resolve("provenance.json");
        String text = Files.readString(provenance);
        String without =
                text.replaceAll("\"" + name + "\" : \"[0-9a-f]+\",?", "").replaceAll(",\\s*}", "}");
        assertThat(without).isNotEqualTo(text);
        Files.writeString(provenance, without);
    }

    private static Map<String, int[]> shapes(int items) {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        shapes.put("norm", new int[] {3});
        shapes.put(EMBEDDING, new int[] {items + 1, 2});
        return shapes;
    }

    private static List<TensorData.Floats> weights(int items, float value) {
        float[] embedding = new float[2 * (items + 1)];
        Arrays.fill(embedding, value);
        return List.of(
                new TensorData.Floats(EMBEDDING, new int[] {items + 1, 2}, embedding),
                new TensorData.Floats("norm", new int[] {3}, new float[] {1, 2, 3}));
    }

    private static Provenance provenance(int seed) {
        return new Provenance(
                "0.1.0",
                "25.0.3",
                "vector 512 bit",
                new DataSource("log.csv", "abc", List.of(new DataSource.Step("read", 3, 2, 9, 1))),
                "ratio 3:2:5",
                Map.of("hidden_size", 64, "rate", 0.001),
                seed,
                2,
                Instant.parse("2026-01-02T03:04:05Z"),
                Instant.parse("2026-01-02T03:05:05.5Z"),
                17,
                12,
                Map.of("validation NDCG@10", 0.0418),
                null);
    }

    private static void copy(Path from, Path to) throws IOException {
        if (Files.exists(to)) {
            for (String name : names(to)) {
                Files.delete(to.resolve(name));
            }
        }
        Files.createDirectories(to);
        for (String name : names(from)) {
            Files.copy(from.resolve(name), to.resolve(name));
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
