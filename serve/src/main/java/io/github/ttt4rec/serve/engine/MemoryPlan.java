package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether the heap has room for a model in addition to users' states and requests, before the model is loaded. A
 * server that refuses a model is better than one that runs out of memory.
 */
public final class MemoryPlan {
    /**
     * Bytes of heap for each byte of a model's files: its arrays, a second copy of the items' vectors packed for
     * scoring, ids, and temporary memory during loading. docs/operations.md, Sizing, has the measurements.
     */
    private static final double MODEL_FACTOR = 3.5;

    /** The memory of a cache as a multiple of the bytes that it counts. */
    private static final double CACHE_FACTOR = 1.1;

    private static final int MEGABYTE = 1 << 20;

    private final long heap;
    private final long cache;
    /** The bytes of all models of the process. */
    private final AtomicLong models;

    private volatile long model;
    /** The bytes of an experiment's other models. */
    private volatile long others;

    /**
     * Creates a plan for a heap.
     *
     * @param heap the maximum heap in bytes
     * @param cacheBytes see {@link EngineConfig#cacheBytes}
     */
    public MemoryPlan(long heap, long cacheBytes) {
        this(heap, (long) (CACHE_FACTOR * cacheBytes), new AtomicLong());
    }

    private MemoryPlan(long heap, long cache, AtomicLong models) {
        this.heap = heap;
        this.cache = cache;
        this.models = models;
    }

    /** The plan of one more model that shares the heap with those of this plan. */
    public MemoryPlan ofTenant() {
        return new MemoryPlan(heap, cache, models);
    }

    /** Creates the plan of this process. */
    public static MemoryPlan ofProcess(long cacheBytes) {
        return new MemoryPlan(Runtime.getRuntime().maxMemory(), cacheBytes);
    }

    /** Memory for requests, buffers, stacks and the collector: an eighth of the heap, at least 64 MB. */
    private long working() {
        return Math.max(64L * MEGABYTE, heap / 8);
    }

    /**
     * Plans for the model in {@code directory} as the current one.
     *
     * @throws UserFacingException with the figures if the heap has no room for it
     */
    public void use(Path directory) {
        long bytes = bytes(directory);
        long before = models.get();
        require(
                before == 0
                        ? List.of("the model", megabytes(bytes))
                        : List.of("the models before it", megabytes(before), "the model", megabytes(bytes)),
                before + bytes);
        models.addAndGet(bytes);
        model = bytes;
    }

    /**
     * Checks whether the model in {@code directory} fits in addition to the current one, because both are needed until
     * the last request of the current one has ended.
     *
     * @throws UserFacingException with the figures if it has none
     */
    public void requireRoomFor(Path directory) {
        long bytes = bytes(directory);
        long all = models.get();
        String used = all == model ? "the model in use" : "the models in use";
        require(List.of(used, megabytes(all), "this one", megabytes(bytes)), all + bytes);
    }

    /** Records that the model in {@code directory} is now the current one. */
    public void swapped(Path directory) {
        long bytes = bytes(directory);
        models.addAndGet(bytes - model);
        model = bytes;
    }

    /** The model in {@code directory} is in use beside the others, for an experiment. */
    public synchronized void added(Path directory) {
        long bytes = bytes(directory);
        models.addAndGet(bytes);
        others += bytes;
    }

    /** The experiment has ended, and one model is in use again: that in {@code kept}, or the one before if it is null. */
    public synchronized void ended(@Nullable Path kept) {
        models.addAndGet(-others);
        others = 0;
        if (kept != null) {
            swapped(kept);
        }
    }

    private void require(List<String> models, long bytes) {
        long needed = bytes + cache + working();
        if (needed <= heap) {
            return;
        }
        StringBuilder figures = new StringBuilder();
        for (int i = 0; i < models.size(); i += 2) {
            figures.append(models.get(i)).append(' ').append(models.get(i + 1)).append(" MB, ");
        }
        throw new UserFacingException("the heap of " + megabytes(heap) + " MB is too small: " + figures
                + "users' states (--cache-mb) " + megabytes(cache) + " MB and room to work " + megabytes(working())
                + " MB make " + megabytes(needed) + " MB; give TTT4REC_JAVA_OPTS=-Xmx" + megabytes(needed + needed / 8)
                + "m, or a smaller --cache-mb");
    }

    private static String megabytes(long bytes) {
        return String.valueOf((bytes + MEGABYTE - 1) / MEGABYTE);
    }

    /** Returns the heap that a model takes when it is loaded, from the size of its files. */
    private static long bytes(Path directory) {
        if (!Files.isDirectory(directory)) {
            return 0; // Loading will report that.
        }
        try (Stream<Path> files = Files.list(directory)) {
            long sum = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
            return (long) (MODEL_FACTOR * sum);
        } catch (IOException e) {
            throw new UserFacingException(directory + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
