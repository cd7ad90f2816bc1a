package io.github.ttt4rec.lab.compare;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.eval.Protocol;
import io.github.ttt4rec.internal.AtomicFiles;
import io.github.ttt4rec.internal.RunDirectory;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The directory of a comparison: {@code compare.json} identifies data and settings, and each {@code runs/NAME-SEED/}
 * holds a run. A run is finished if its {@code result.json} exists, which is written last and atomically. Only one
 * process can open the directory at a time.
 */
final class RunStore implements AutoCloseable {
    private static final String RUNS = "runs";
    private static final RunDirectory.Kind KIND = new RunDirectory.Kind("comparison", "compare.json", List.of(RUNS));
    private static final String CHECKPOINT = "checkpoint.safetensors";
    private static final String RESULT = "result.json";
    private static final String BLEND = "blend.json";
    private static final Map<Protocol, String> RANKS =
            Map.of(Protocol.ALL, "ranks.gz", Protocol.UNSEEN, "ranks-unseen.gz");
    private static final int MAGIC = 0x54334352;

    static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final RunDirectory directory;

    private RunStore(RunDirectory directory) {
        this.directory = directory;
    }

    /**
     * Opens or creates a directory.
     *
     * @param fingerprint the fingerprint of data and settings
     * @param unset entries that a fingerprint written by an older version may lack
     * @param force whether to delete a comparison of other data or settings
     * @throws UserFacingException if it belongs to other data or settings, or another process has it open
     */
    static RunStore open(Path directory, Map<String, String> fingerprint, Map<String, String> unset, boolean force) {
        RunStore store = new RunStore(RunDirectory.open(directory, KIND, fingerprint, unset, force));
        AtomicFiles.createDirectories(directory.resolve(RUNS));
        return store;
    }

    @Override
    public void close() {
        directory.close();
    }

    /** A run's directory, which is created if necessary. */
    Path directory(RunKey key) {
        Path run = directory.resolve(name(key, ""));
        AtomicFiles.createDirectories(run);
        return run;
    }

    /** The checkpoint file of a run that is being trained. */
    Path checkpoint(RunKey key) {
        return directory(key).resolve(CHECKPOINT);
    }

    /** The model directory of a run. */
    Path model(RunKey key) {
        return directory(key).resolve("model");
    }

    /** The result of a run; empty if it is not finished. */
    Optional<RunResult> load(RunKey key) {
        String file = name(key, RESULT);
        return directory.has(file) ? Optional.of(directory.read(file, new TypeReference<>() {})) : Optional.empty();
    }

    /** Saves a finished run and deletes its checkpoint, which is no longer needed. */
    void save(RunResult result, Map<Protocol, int[]> ranks) {
        RunKey key = result.key();
        ranks.forEach((protocol, ofCases) -> save(directory(key).resolve(file(protocol)), ofCases));
        directory.writeJson(name(key, RESULT), result);
        directory.delete(name(key, CHECKPOINT));
    }

    /** Saves the weights of a blend, by the names of its parts. */
    void saveWeights(RunKey key, Map<String, Double> weights) {
        directory(key);
        directory.writeJson(name(key, BLEND), weights);
    }

    private static String file(Protocol protocol) {
        return Objects.requireNonNull(RANKS.get(protocol));
    }

    private static void save(Path file, int[] ranks) {
        AtomicFiles.write(file, out -> {
            // Not closed, because the caller owns the underlying stream.
            GZIPOutputStream zip = new GZIPOutputStream(out);
            DataOutputStream data = new DataOutputStream(new BufferedOutputStream(zip));
            data.writeInt(MAGIC);
            data.writeInt(ranks.length);
            for (int rank : ranks) {
                data.writeInt(rank);
            }
            data.flush();
            zip.finish();
        });
    }

    /** The rank of every test case's target, in the order of {@link TestCases}; 0 if the protocol excludes the case. */
    int[] ranks(RunKey key, Protocol protocol, int cases) {
        Path file = directory(key).resolve(file(protocol));
        try (DataInputStream data =
                new DataInputStream(new BufferedInputStream(new GZIPInputStream(Files.newInputStream(file))))) {
            if (data.readInt() != MAGIC || data.readInt() != cases) {
                throw new UserFacingException(file + ": not the ranks of this comparison's " + cases
                        + " test cases; delete the directory it is in to run it again");
            }
            int[] ranks = new int[cases];
            for (int i = 0; i < cases; i++) {
                ranks[i] = data.readInt();
            }
            return ranks;
        } catch (IOException e) {
            throw new UserFacingException(
                    file + ": cannot read: " + e.getMessage() + "; delete the directory it is in to run it again", e);
        }
    }

    /** The name of a run's file, relative to the comparison's directory. */
    private static String name(RunKey key, String file) {
        return RUNS + "/" + key.directory() + "/" + file;
    }
}
