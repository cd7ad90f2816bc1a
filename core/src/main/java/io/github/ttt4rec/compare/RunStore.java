package io.github.ttt4rec.compare;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.io.AtomicFiles;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The directory of a comparison: {@code compare.json} says what it belongs to, {@code runs/NAME-SEED/} holds a run each. A
 * run is finished when its {@code result.json} is there, which is written last and in one step. While it is open no other
 * process can open it: the operating system holds the lock on {@code compare.lock}, and lets go of it however a process ends.
 */
final class RunStore implements AutoCloseable {
    private static final String MANIFEST = "compare.json";
    private static final String LOCK = "compare.lock";
    private static final String RUNS = "runs";
    private static final Set<String> OURS = Set.of(LOCK, RUNS);
    private static final String RESULT = "result.json";
    private static final String RANKS = "ranks.gz";
    private static final int MAGIC = 0x54334352;
    private static final TypeReference<LinkedHashMap<String, String>> ENTRIES = new TypeReference<>() {};

    static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path directory;
    /** Open as long as this is: closing it releases the lock. */
    private final FileChannel lock;

    private RunStore(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Opens a directory, or makes it.
     *
     * @param fingerprint of data and settings
     * @param unset the entries of a fingerprint that one made by an older version may lack
     * @param force whether a comparison of other data or settings is deleted
     * @throws UserFacingException where it belongs to something else, or is open elsewhere
     */
    static RunStore open(Path directory, Map<String, String> fingerprint, Map<String, String> unset, boolean force) {
        Path manifest = directory.resolve(MANIFEST);
        if (!Files.exists(manifest) && Files.isDirectory(directory) && !isEmpty(directory)) {
            throw new UserFacingException(
                    directory + ": is not empty and holds no comparison; give another directory for it");
        }
        AtomicFiles.createDirectories(directory.resolve(RUNS));
        RunStore store = new RunStore(directory, lock(directory));
        try {
            if (force) {
                store.clear();
            } else if (Files.exists(manifest)) {
                Map<String, String> before = new LinkedHashMap<>(unset);
                before.putAll(read(manifest, ENTRIES));
                if (!before.equals(fingerprint)) {
                    throw new UserFacingException(directory + ": holds a comparison with other "
                            + differences(before, fingerprint) + "; give another --out, or --force to replace it");
                }
            }
            AtomicFiles.createDirectories(directory.resolve(RUNS));
            store.write(MANIFEST, JSON.writeValueAsString(fingerprint));
            return store;
        } catch (RuntimeException failure) {
            store.close();
            throw failure;
        }
    }

    private static FileChannel lock(Path directory) {
        Path file = directory.resolve(LOCK);
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() != null) {
                    return channel;
                }
            } catch (OverlappingFileLockException heldHere) {
                // By this same process: the message below is as true of it.
            }
            channel.close();
        } catch (IOException e) {
            throw new UserFacingException(file + ": cannot lock it: " + e.getMessage(), e);
        }
        throw new UserFacingException(
                directory + ": another compare is at work in this directory; wait for it, or give another --out");
    }

    /** Lets others open the directory. The file stays: deleting it could leave two with a lock each. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UserFacingException(directory.resolve(LOCK) + ": cannot unlock it: " + e.getMessage(), e);
        }
    }

    private static String differences(Map<String, String> before, Map<String, String> after) {
        if (!Objects.equals(before.get(Settings.DATA), after.get(Settings.DATA))) {
            return "data";
        }
        Set<String> keys = new LinkedHashSet<>(after.keySet());
        keys.addAll(before.keySet());
        List<String> differences = new ArrayList<>();
        for (String key : keys) {
            String was = before.getOrDefault(key, "not set");
            String is = after.getOrDefault(key, "not set");
            if (!was.equals(is)) {
                differences.add(key + " was " + was + ", is now " + is);
            }
        }
        return "settings (" + String.join("; ", differences) + ")";
    }

    /** Whether it is, but for what another compare makes that opens it at this moment. */
    private static boolean isEmpty(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.noneMatch(file -> !OURS.contains(file.getFileName().toString()));
        } catch (IOException e) {
            throw new UserFacingException(directory + ": cannot read this directory: " + e.getMessage(), e);
        }
    }

    /** Deletes the runs, and nothing that is not a comparison's. */
    private void clear() {
        deleteTree(directory.resolve(RUNS));
    }

    private static void deleteTree(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UserFacingException(root + ": cannot delete it: " + e.getMessage(), e);
        }
    }

    /** A run's directory, made where it does not exist. */
    Path directory(RunKey key) {
        Path run = directory.resolve(RUNS).resolve(key.directory());
        AtomicFiles.createDirectories(run);
        return run;
    }

    /** Where a run's training is saved while it goes on. */
    Path checkpoint(RunKey key) {
        return directory(key).resolve("checkpoint.safetensors");
    }

    /** Where a run's trained network is kept. */
    Path model(RunKey key) {
        return directory(key).resolve("model");
    }

    /** A finished run; empty where it is not. */
    Optional<RunResult> load(RunKey key) {
        Path file = directory.resolve(RUNS).resolve(key.directory()).resolve(RESULT);
        return Files.exists(file) ? Optional.of(read(file, new TypeReference<RunResult>() {})) : Optional.empty();
    }

    /** Keeps a finished run; its checkpoint is of no more use then. */
    void save(RunResult result, int[] ranks) {
        RunKey key = result.key();
        AtomicFiles.write(directory(key).resolve(RANKS), out -> {
            // Not closed: the stream below is not this code's to close.
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
        AtomicFiles.writeText(directory(key).resolve(RESULT), out -> out.write(JSON.writeValueAsString(result)));
        try {
            Files.deleteIfExists(checkpoint(key));
        } catch (IOException e) {
            throw new UserFacingException(checkpoint(key) + ": cannot delete it: " + e.getMessage(), e);
        }
    }

    /** The rank of every test case's target, in the order of {@link TestCases}. */
    int[] ranks(RunKey key, int cases) {
        Path file = directory(key).resolve(RANKS);
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

    /** Writes a file of the comparison. */
    Path write(String name, String text) {
        Path file = directory.resolve(name);
        AtomicFiles.writeText(file, out -> out.write(text));
        return file;
    }

    private static <T> T read(Path file, TypeReference<T> type) {
        try {
            return JSON.readValue(Files.readAllBytes(file), type);
        } catch (IOException e) {
            throw new UserFacingException(file + ": cannot read: " + e.getMessage(), e);
        } catch (JacksonException e) {
            throw new UserFacingException(
                    file + ": damaged: " + e.getOriginalMessage() + "; delete the directory it is in, or use --force",
                    e);
        }
    }
}
