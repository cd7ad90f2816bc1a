package io.github.ttt4rec.io.internal;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.internal.AtomicFiles;
import io.github.ttt4rec.internal.Failures;
import io.github.ttt4rec.internal.ResultJson;
import io.github.ttt4rec.internal.Sha256;
import io.github.ttt4rec.internal.YamlFiles;
import io.github.ttt4rec.io.Provenance;
import io.github.ttt4rec.io.TensorData;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A trained model on disk: {@code model.safetensors} (weights under their published names), {@code config.yaml},
 * {@code items.jsonl} (item ids in index order, one JSON string per line), {@code popularity.jsonl} (the number of
 * training interactions of each item in the same order, one per line; empty if unknown) and {@code provenance.json}.
 *
 * <p><b>The whole directory is saved atomically.</b> {@code provenance.json} lists the SHA-256 of the other files. A
 * save writes all files under names with {@code .new} appended and forces them to disk; the old model is untouched so
 * far, and a full disk is noticed now. Then {@code provenance.json.new} is renamed to {@code provenance.json}, which
 * makes the new model valid. Then the other files are renamed. After a crash in between, loading finds a file whose
 * checksum does not match the list and takes the file with {@code .new} appended, which matches; the next save cleans
 * up. So a directory loads as the old model or the new one, never as a mixture. Other files in it are left alone. One
 * process may save at a time; others may load meanwhile.
 *
 * <p>To replace a file by hand, for example with weights fine-tuned elsewhere, remove its entry under {@code files} in
 * {@code provenance.json}. The file is then accepted without a checksum, but its shapes are still checked. Only
 * {@code popularity.jsonl} is ignored if it is not listed, because older versions saved models without it.
 */
public final class ModelDirectory {
    public static final String WEIGHTS = "model.safetensors";
    public static final String CONFIG = "config.yaml";
    public static final String ITEMS = "items.jsonl";
    public static final String POPULARITY = "popularity.jsonl";
    /**
     * The file that records how the model was made, the version of the format, and the checksums of the other files.
     */
    public static final String PROVENANCE = "provenance.json";
    /** The format version that is written, which is also the newest that can be read. */
    public static final int FORMAT_VERSION = 1;

    private static final String FORMAT = "ttt4rec model";
    private static final String STAGED = ".new";
    /** The files whose checksums {@link #PROVENANCE} lists. */
    private static final List<String> LISTED = List.of(WEIGHTS, CONFIG, ITEMS, POPULARITY);

    private static final int LOAD_ATTEMPTS = 100;
    private static final ObjectMapper JSON = JsonMapper.builder(StrictJson.factory())
            .enable(SerializationFeature.INDENT_OUTPUT)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private ModelDirectory() {}

    /**
     * Saves a model, replacing an existing one. The directory and its parents are created if necessary.
     *
     * @param popularity the number of training interactions of each item by index, {@code V + 1}; empty if unknown
     * @throws UserFacingException if the directory cannot be written to, or has files of these names that do not belong
     *     to a model; the old model is then unchanged
     */
    public static void save(
            Path directory,
            Map<String, ?> config,
            IdMap items,
            long[] popularity,
            List<? extends TensorData> weights,
            Provenance provenance) {
        AtomicFiles.createDirectories(directory);
        refuseForeign(directory);
        Map<String, AtomicFiles.Content> contents = new LinkedHashMap<>();
        // PyTorch tools look for this metadata entry.
        contents.put(WEIGHTS, out -> Safetensors.write(out, Map.of("format", "pt"), weights));
        contents.put(CONFIG, out -> out.write(YamlFiles.format(config).getBytes(StandardCharsets.UTF_8)));
        contents.put(ITEMS, text(out -> ItemIds.write(items, out)));
        contents.put(POPULARITY, text(out -> ItemCounts.write(popularity, out)));
        try {
            finishInterruptedSave(directory);
            stage(directory, contents, provenance);
            commit(directory);
        } catch (IOException | UncheckedIOException failure) {
            throw AtomicFiles.cannotWrite(directory, failure);
        }
    }

    private static AtomicFiles.Content text(AtomicFiles.Text text) {
        return out -> {
            Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            text.writeTo(writer);
            writer.flush();
        };
    }

    /**
     * Returns whether the directory holds a model, judging by {@code provenance.json} alone; only {@link #load} checks
     * that it is complete.
     */
    public static boolean exists(Path directory) {
        return Files.exists(directory.resolve(PROVENANCE));
    }

    /**
     * Checks, before long work, that {@link #save} will be able to write: creates the directory if necessary, then
     * writes and removes a file.
     *
     * @throws UserFacingException if the directory cannot be written to, or has files of these names that do not belong
     *     to a model
     */
    public static void requireWritable(Path directory) {
        AtomicFiles.createDirectories(directory);
        refuseForeign(directory);
        try {
            Files.delete(Files.createTempFile(directory, ".", ".tmp"));
        } catch (IOException failure) {
            throw AtomicFiles.cannotWrite(directory, failure);
        }
    }

    /**
     * Loads a model and checks everything that can be checked without knowing its configuration: format, version,
     * checksums, and that every file can be parsed. {@link SavedModel#weights} checks the rest.
     *
     * @throws UserFacingException if a file is missing or damaged, belongs to another model, or has a newer format
     */
    public static SavedModel load(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw Failures.problem(
                    directory,
                    Files.exists(directory)
                            ? "not a model directory but a file: give the directory that train wrote"
                            : "there is no such model directory");
        }
        byte[] provenance = provenanceBytes(directory);
        for (int attempt = 1; ; attempt++) {
            try {
                return load(directory, provenance);
            } catch (UserFacingException wrong) {
                // Another process may have saved a new model meanwhile; then the checksums have changed too.
                byte[] now = provenanceBytes(directory);
                if (attempt == LOAD_ATTEMPTS || Arrays.equals(provenance, now)) {
                    throw wrong;
                }
                provenance = now;
            }
        }
    }

    private static SavedModel load(Path directory, byte[] provenanceBytes) {
        Path path = directory.resolve(PROVENANCE);
        JsonNode tree = parse(provenanceBytes, path);
        JsonNode checksums = checkFormat(tree, path);
        try (OpenFile weights = open(directory, WEIGHTS, checksums);
                OpenFile config = open(directory, CONFIG, checksums);
                OpenFile items = open(directory, ITEMS, checksums)) {
            IdMap ids = ItemIds.parse(items.bytes(), items.path());
            return new SavedModel(
                    directory,
                    YamlFiles.parse(config.bytes(), config.path()),
                    ids,
                    popularity(directory, checksums, ids.size()),
                    Safetensors.read(weights.channel(), weights.path()),
                    weights.sha256(),
                    JSON.treeToValue(tree, Provenance.class));
        } catch (JacksonException wrong) {
            throw Failures.problem(path, "damaged: " + wrong.getOriginalMessage(), wrong);
        } catch (IOException failure) {
            throw Failures.problem(directory, "cannot read the model: " + Failures.reason(failure), failure);
        }
    }

    private static long[] popularity(Path directory, JsonNode checksums, int items) throws IOException {
        if (checksums.path(POPULARITY).asString("").isEmpty()) {
            return new long[0];
        }
        try (OpenFile file = open(directory, POPULARITY, checksums)) {
            return ItemCounts.parse(file.bytes(), file.path(), items);
        }
    }

    private static byte[] provenanceBytes(Path directory) {
        Path path = directory.resolve(PROVENANCE);
        try {
            if (Files.exists(path)) {
                return Files.readAllBytes(path);
            }
        } catch (IOException failure) {
            throw Failures.problem(path, "cannot read: " + Failures.reason(failure), failure);
        }
        if (Files.exists(directory.resolve(WEIGHTS)) && Files.exists(directory.resolve(CONFIG))) {
            throw Failures.problem(directory, "its " + PROVENANCE + " is missing: an incomplete copy of a model?");
        }
        throw Failures.problem(
                directory, "not a ttt4rec model directory (it has no " + PROVENANCE + "): give what train wrote");
    }

    /** Parses a JSON file, including one of an older version with keys in camelCase. */
    private static JsonNode parse(byte[] bytes, Path path) {
        try {
            return ResultJson.snakeCase(JSON.readTree(bytes));
        } catch (JacksonException wrong) {
            throw Failures.problem(path, "damaged: not valid JSON (" + wrong.getOriginalMessage() + ")", wrong);
        }
    }

    /** Checks format and version, and returns the checksums by file name. */
    private static JsonNode checkFormat(JsonNode tree, Path path) {
        if (!tree.path("format").asString("").equals(FORMAT)) {
            throw Failures.problem(
                    path, "not written by ttt4rec (no \"format\": \"" + FORMAT + "\"): foreign or damaged");
        }
        JsonNode version = tree.path("format_version");
        if (!version.isInt() || version.asInt() < 1) {
            throw Failures.problem(path, "damaged: no format_version");
        }
        if (version.asInt() > FORMAT_VERSION) {
            throw Failures.problem(
                    path,
                    "written by a newer ttt4rec ("
                            + tree.path("project_version").asString("version unknown")
                            + ", format " + version.asInt() + "; this one reads up to " + FORMAT_VERSION
                            + "): update ttt4rec");
        }
        JsonNode checksums = tree.path("files");
        if (!checksums.isObject()) {
            throw Failures.problem(path, "damaged: no list of files");
        }
        return checksums;
    }

    /**
     * An open file of the model. It is kept open so that the bytes read later are the ones whose checksum was verified.
     */
    private record OpenFile(Path path, FileChannel channel, String sha256) implements AutoCloseable {
        byte[] bytes() throws IOException {
            channel.position(0);
            return Channels.newInputStream(channel).readAllBytes();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** Opens a file, or its {@code .new} version if that one matches the checksum. */
    private static OpenFile open(Path directory, String name, JsonNode checksums) throws IOException {
        String listed = checksums.path(name).asString("");
        OpenFile file = openMatching(directory.resolve(name), listed);
        if (file == null && !listed.isEmpty()) {
            file = openMatching(directory.resolve(name + STAGED), listed);
            if (file == null) {
                // A save in another process may have renamed the {@code .new} file between the two attempts.
                file = openMatching(directory.resolve(name), listed);
            }
        }
        if (file != null) {
            return file;
        }
        if (!Files.exists(directory.resolve(name))) {
            throw Failures.problem(directory, "its " + name + " is missing: an incomplete copy of a model?");
        }
        throw Failures.problem(
                directory.resolve(name),
                "damaged or replaced: its SHA-256 is not the one in " + PROVENANCE
                        + "; restore it, or remove its entry under \"files\" there "
                        + (name.equals(POPULARITY) ? "to do without it" : "if you replaced it on purpose"));
    }

    /** Opens {@code path} if it exists and has the checksum {@code listed}; an empty checksum accepts any content. */
    private static @Nullable OpenFile openMatching(Path path, String listed) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
        } catch (NoSuchFileException missing) {
            // There is no check beforehand, because a save in another process may rename the file between check and
            // opening.
            return null;
        }
        boolean kept = false;
        try {
            String sha256 = sha256(Channels.newInputStream(channel));
            kept = listed.isEmpty() || listed.equals(sha256);
            return kept ? new OpenFile(path, channel, sha256) : null;
        } finally {
            if (!kept) {
                channel.close();
            }
        }
    }

    private static void refuseForeign(Path directory) {
        if (Files.exists(directory.resolve(PROVENANCE))) {
            refuseForeignProvenance(directory.resolve(PROVENANCE));
            return;
        }
        for (String name : LISTED) {
            if (Files.exists(directory.resolve(name))) {
                throw Failures.problem(
                        directory,
                        "holds a " + name + " but no ttt4rec model (no " + PROVENANCE
                                + "); it is not overwritten: choose another directory");
            }
        }
    }

    private static void refuseForeignProvenance(Path path) {
        try {
            JsonNode tree = JSON.readTree(Files.readAllBytes(path));
            if (!tree.path("format").asString("").equals(FORMAT)) {
                throw Failures.problem(
                        path, "was not written by ttt4rec; it is not overwritten: choose another directory");
            }
        } catch (JacksonException damaged) {
            throw Failures.problem(
                    path,
                    "damaged (" + damaged.getOriginalMessage()
                            + "); it is not overwritten: delete it, or choose another" + " directory",
                    damaged);
        } catch (IOException failure) {
            throw Failures.problem(path, "cannot read: " + Failures.reason(failure), failure);
        }
    }

    /**
     * Completes or removes the remains of an interrupted save, so that no staged file that belongs to the valid model
     * is overwritten.
     */
    private static void finishInterruptedSave(Path directory) throws IOException {
        Path provenance = directory.resolve(PROVENANCE);
        JsonNode checksums = Files.exists(provenance)
                ? parse(Files.readAllBytes(provenance), provenance).path("files")
                : JSON.createObjectNode();
        for (String name : LISTED) {
            Path staged = directory.resolve(name + STAGED);
            if (Files.exists(staged)) {
                String listed = checksums.path(name).asString("");
                if (!listed.isEmpty() && listed.equals(sha256(staged))) {
                    AtomicFiles.rename(staged, directory.resolve(name));
                } else {
                    Files.delete(staged);
                }
            }
        }
        Files.deleteIfExists(directory.resolve(PROVENANCE + STAGED));
        AtomicFiles.forceDirectory(directory);
    }

    private static void stage(Path directory, Map<String, AtomicFiles.Content> contents, Provenance provenance)
            throws IOException {
        boolean complete = false;
        try {
            ObjectNode tree = JSON.createObjectNode();
            tree.put("format", FORMAT);
            tree.put("format_version", FORMAT_VERSION);
            ObjectNode checksums = JSON.createObjectNode();
            for (Map.Entry<String, AtomicFiles.Content> file : contents.entrySet()) {
                checksums.put(file.getKey(), stageFile(directory.resolve(file.getKey() + STAGED), file.getValue()));
            }
            tree.setAll(JSON.<ObjectNode>valueToTree(provenance));
            tree.set("files", checksums);
            stageFile(directory.resolve(PROVENANCE + STAGED), out -> out.write(JSON.writeValueAsBytes(tree)));
            AtomicFiles.forceDirectory(directory);
            complete = true;
        } finally {
            if (!complete) {
                for (String name : contents.keySet()) {
                    Files.deleteIfExists(directory.resolve(name + STAGED));
                }
                Files.deleteIfExists(directory.resolve(PROVENANCE + STAGED));
            }
        }
    }

    /** Writes a file, forces it to disk and returns its SHA-256. */
    private static String stageFile(Path path, AtomicFiles.Content content) throws IOException {
        MessageDigest digest = Sha256.newDigest();
        AtomicFiles.writeForced(path, out -> {
            DigestOutputStream digested = new DigestOutputStream(out, digest);
            content.writeTo(digested);
            digested.flush();
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void commit(Path directory) throws IOException {
        AtomicFiles.rename(directory.resolve(PROVENANCE + STAGED), directory.resolve(PROVENANCE));
        AtomicFiles.forceDirectory(directory);
        for (String name : LISTED) {
            AtomicFiles.rename(directory.resolve(name + STAGED), directory.resolve(name));
        }
        AtomicFiles.forceDirectory(directory);
    }

    private static String sha256(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return sha256(in);
        }
    }

    private static String sha256(InputStream in) throws IOException {
        MessageDigest digest = Sha256.newDigest();
        in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        return HexFormat.of().formatHex(digest.digest());
    }
}
