package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.MemoryPlan;
import io.github.ttt4rec.serve.engine.ModelInfo;
import io.github.ttt4rec.serve.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Describes the current model, swaps it, and copies the store. */
final class ModelEndpoint {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final String BACKUP = ".backup";

    private final Engine engine;
    private final List<String> exampleUsers;
    private final @Nullable Path models;
    private final @Nullable Path store;
    private final int maxBackups;
    private final MemoryPlan memory;
    private final ReentrantLock copying = new ReentrantLock();
    private final ReentrantLock swapping = new ReentrantLock();

    ModelEndpoint(Engine engine, ServerConfig config) {
        this.engine = engine;
        this.exampleUsers = config.exampleUsers();
        this.models = config.files().models();
        this.store = config.files().store();
        this.maxBackups = config.files().maxBackups();
        this.memory = config.memory();
    }

    Response show(Call call) {
        return answer(engine.model());
    }

    Response swap(Call call) {
        String name = new Fields(Json.read(call.body()), Set.of("directory")).text("directory");
        if (models == null) {
            throw Problem.of(403, "this server was started without a directory to take models from");
        }
        Path directory = directory(models, name)
                .orElseThrow(() -> Problem.notFound(
                        "no model directory of this name next to the model that the server was started with"));
        if (!swapping.tryLock()) {
            throw Problem.of(409, "another model is being loaded: wait for it").withHeader("Retry-After", "5");
        }
        try {
            memory.requireRoomFor(directory);
            ModelInfo swapped = engine.swap(TrainedModel.load(directory));
            memory.swapped(directory);
            return answer(swapped);
        } catch (UserFacingException e) {
            // Logged with the path for the operator; the client gets only the directory's name.
            String reason = String.valueOf(e.getMessage())
                    .replace(models.toString(), "")
                    .replaceFirst("^[/\\\\]", "");
            throw Problem.of(422, "this model cannot be served, the previous one stays: " + reason);
        } finally {
            swapping.unlock();
        }
    }

    Response countCatalogue(Call call) {
        try {
            return answer(engine.countCatalogue());
        } catch (UserFacingException e) {
            throw Problem.of(400, String.valueOf(e.getMessage()));
        }
    }

    /** Finds the directory by listing names, so that a client's text never becomes part of a path. */
    static Optional<Path> directory(Path parent, String name) {
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(Files::isDirectory)
                    .filter(path -> path.getFileName().toString().equals(name))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Response backup(Call call) {
        if (store == null) {
            throw Problem.of(403, "this server does not keep its events in a file");
        }
        if (!copying.tryLock()) {
            throw Problem.of(409, "another backup is being made: wait for it").withHeader("Retry-After", "5");
        }
        try {
            return backup(store);
        } finally {
            copying.unlock();
        }
    }

    private Response backup(Path from) {
        if (backups(from) >= maxBackups) {
            throw Problem.of(
                    409,
                    "there are " + maxBackups
                            + " backups next to the state file already, which is the limit: remove some"
                            + " (--max-backups)");
        }
        Path file = from.resolveSibling(from.getFileName() + "." + STAMP.format(Instant.now()) + BACKUP);
        long bytes;
        try {
            engine.backup(file);
            bytes = Files.size(file);
        } catch (UserFacingException e) {
            throw new StoreException(
                    String.valueOf(e.getMessage()), e); // for the operator only, because it names the file
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Response.json(Json.write(json -> {
            json.writeStringProperty("file", file.getFileName().toString());
            json.writeNumberProperty("bytes", bytes);
        }));
    }

    private static long backups(Path from) {
        Path directory = from.toAbsolutePath().getParent();
        String start = from.getFileName() + ".";
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(start) && name.endsWith(BACKUP))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Response answer(ModelInfo model) {
        return Response.json(Json.write(json -> {
            json.writeStringProperty("version", model.version());
            json.writeStringProperty("type", model.type());
            json.writeNumberProperty("items", model.items());
            json.writeStringProperty("policy", model.policy().name().toLowerCase(Locale.ROOT));
            json.writeStringProperty("loaded_at", model.loadedAt().toString());
            json.writeBooleanProperty("adaptive", model.adaptive());
            EventRoles roles = engine.roles();
            if (roles != null) {
                json.writeStringProperty("event_types", roles.toString());
            }
            strings(json, "added_items", model.addedItems());
            strings(json, "left_out", model.leftOut());
            strings(json, "example_users", exampleUsers);
        }));
    }

    private static void strings(JsonGenerator json, String name, List<String> values) {
        json.writeArrayPropertyStart(name);
        values.forEach(json::writeString);
        json.writeEndArray();
    }
}
