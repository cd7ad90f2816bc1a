package io.github.ttt4rec.io.internal;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.internal.AtomicFiles;
import io.github.ttt4rec.internal.Failures;
import io.github.ttt4rec.internal.FileLocks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A directory with the served model and some of its predecessors; {@code served.json} names them. Replacing that file
 * atomically puts another model into service, so that a process that is killed at any moment leaves either the old or
 * the new one. The directory is locked while a series is open.
 */
public final class ModelSeries implements AutoCloseable {
    /** The file that names the served model. */
    public static final String SERVED = "served.json";

    private static final String LOCK = "series.lock";
    private static final String JOURNAL = "retrain.jsonl";
    /** The pattern of the names that the series gives models, which it may delete. */
    private static final String MADE = "[0-9]{8}T[0-9]{6}Z(-[0-9]+)?";

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path path;
    private final FileChannel lock;
    private Names names;

    /**
     * The contents of {@code served.json}.
     *
     * @param served the name of the directory of the model in service
     * @param earlier the kept predecessors, the latest first
     */
    private record Names(String served, List<String> earlier) {}

    private ModelSeries(Path path, FileChannel lock, Names names) {
        this.path = path;
        this.lock = lock;
        this.names = names;
    }

    /**
     * Opens a series, or starts one with the only model in a directory.
     *
     * @throws UserFacingException if another process has it open, or it is unclear which model is served
     */
    public static ModelSeries open(Path path) {
        if (!Files.isDirectory(path)) {
            throw Failures.problem(path, "there is no such directory of models");
        }
        FileChannel lock = lock(path);
        boolean opened = false;
        try {
            Names names = Files.exists(path.resolve(SERVED)) ? read(path) : new Names(onlyModel(path), List.of());
            ModelSeries series = new ModelSeries(path, lock, names);
            if (!Files.exists(path.resolve(SERVED))) {
                series.write(names);
            }
            opened = true;
            return series;
        } finally {
            if (!opened) {
                close(path, lock);
            }
        }
    }

    /**
     * Returns the directory of a model: {@code path} itself if it is one, the served model if {@code path} is a series, or
     * the only model in {@code path}. If {@code path} has no model, returns it, so that loading it tells why.
     *
     * @throws UserFacingException if {@code path} has several models and nothing says which is served
     */
    public static Path resolve(Path path) {
        if (ModelDirectory.exists(path)) {
            return path;
        }
        if (Files.exists(path.resolve(SERVED))) {
            return path.resolve(read(path).served());
        }
        return Files.isDirectory(path) && !models(path).isEmpty() ? path.resolve(onlyModel(path)) : path;
    }

    /**
     * Returns the directory of the model that retraining continues from: the served model of the series that {@code path}
     * is or belongs to, even if {@code path} is an earlier model of it. Without a series, the same as {@link #resolve}.
     */
    public static Path resolveServed(Path path) {
        Path model = resolve(path);
        Path whole = model.toAbsolutePath().normalize();
        Path series = whole.getParent();
        if (series == null || !Files.exists(series.resolve(SERVED))) {
            return model;
        }
        Path served = series.resolve(read(series).served());
        return served.equals(whole) ? model : served;
    }

    private static Names read(Path path) {
        Path file = path.resolve(SERVED);
        try {
            Names names = JSON.readValue(Files.readAllBytes(file), Names.class);
            if (!ModelDirectory.exists(path.resolve(names.served()))) {
                throw Failures.problem(
                        file, "names the model \"" + names.served() + "\", which is not in this directory");
            }
            return names;
        } catch (JacksonException damaged) {
            throw Failures.problem(file, "damaged: " + damaged.getOriginalMessage(), damaged);
        } catch (IOException failure) {
            throw Failures.problem(file, "cannot read: " + Failures.reason(failure), failure);
        }
    }

    private static String onlyModel(Path path) {
        List<String> models = models(path);
        if (models.size() != 1) {
            throw Failures.problem(
                    path,
                    models.isEmpty()
                            ? "holds no model: train one into a directory in it"
                            : "holds " + models.size() + " models and no " + SERVED
                                    + " that says which is served: write {\"served\": \"NAME\", \"earlier\": []} there");
        }
        return models.getFirst();
    }

    /** The names of the models in a directory, sorted. */
    private static List<String> models(Path path) {
        try (Stream<Path> entries = Files.list(path)) {
            return entries.filter(ModelDirectory::exists)
                    .map(model -> model.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException failure) {
            throw Failures.problem(path, "cannot read this directory: " + Failures.reason(failure), failure);
        }
    }

    private static FileChannel lock(Path path) {
        return FileLocks.tryLock(path.resolve(LOCK))
                .orElseThrow(
                        () -> Failures.problem(path, "another retraining is at work in this directory; wait for it"));
    }

    /** The directory of the served model. */
    public Path served() {
        return path.resolve(names.served());
    }

    /** The directory name of the served model. */
    public String servedName() {
        return names.served();
    }

    /** The names of its kept predecessors, the latest first. */
    public List<String> earlier() {
        return names.earlier();
    }

    /** A path for a new model, named after a time; nothing exists there yet. */
    public Path next(String moment) {
        Path next = path.resolve(moment);
        for (int i = 2; Files.exists(next); i++) {
            next = path.resolve(moment + "-" + i);
        }
        return next;
    }

    /** Puts a model in the directory of the series into service; its predecessor is kept as the latest earlier one. */
    public void promote(Path model) {
        List<String> earlier = new ArrayList<>(names.earlier());
        earlier.addFirst(names.served());
        write(new Names(model.getFileName().toString(), List.copyOf(earlier)));
    }

    /**
     * Puts the predecessor of the served model back into service. The replaced model stays in the directory.
     *
     * @throws UserFacingException if there is no predecessor
     */
    public void rollBack() {
        if (names.earlier().isEmpty()) {
            throw Failures.problem(path, "there is no model before \"" + names.served() + "\" to roll back to");
        }
        write(new Names(
                names.earlier().getFirst(),
                names.earlier().subList(1, names.earlier().size())));
    }

    private void write(Names next) {
        AtomicFiles.writeText(path.resolve(SERVED), out -> out.write(JSON.writeValueAsString(next) + "\n"));
        names = next;
    }

    /**
     * Deletes models that the series named, except the served one and its last {@code keep} predecessors; newer ones
     * than the served one are deleted too.
     */
    public void prune(int keep) {
        List<String> kept = new ArrayList<>(
                names.earlier().subList(0, Math.min(keep, names.earlier().size())));
        if (kept.size() < names.earlier().size()) {
            write(new Names(names.served(), List.copyOf(kept)));
        }
        kept.add(names.served());
        try (Stream<Path> entries = Files.list(path)) {
            for (Path entry : entries.filter(Files::isDirectory).toList()) {
                String name = entry.getFileName().toString();
                if (name.matches(MADE) && !kept.contains(name)) {
                    delete(entry);
                }
            }
        } catch (IOException failure) {
            throw Failures.problem(path, "cannot delete old models: " + Failures.reason(failure), failure);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /**
     * The journal of the retrainings in a directory, one JSON object per line, oldest first; empty if there were none.
     *
     * @throws UserFacingException if it cannot be read
     */
    public static List<String> readJournal(Path models) {
        Path file = models.resolve(JOURNAL);
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> !line.isBlank())
                    .toList();
        } catch (IOException failure) {
            throw new UserFacingException(file + ": cannot be read: " + failure.getMessage(), failure);
        }
    }

    /**
     * Appends a line about the outcome of a retraining to the journal. If a crash or a full disk cut the last line off, the
     * entry begins a line of its own.
     */
    public void journal(Object entry) {
        Path file = path.resolve(JOURNAL);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            boolean cut = channel.size() > 0 && channel.read(last, channel.size() - 1) == 1 && last.get(0) != '\n';
            ByteBuffer line = StandardCharsets.UTF_8.encode(
                    (cut ? "\n" : "") + JsonMapper.shared().writeValueAsString(entry) + "\n");
            channel.position(channel.size());
            while (line.hasRemaining()) {
                channel.write(line);
            }
        } catch (IOException failure) {
            throw AtomicFiles.cannotWrite(file, failure);
        }
    }

    @Override
    public void close() {
        close(path, lock);
    }

    private static void close(Path path, FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot release its lock", e);
        }
    }
}
