package io.github.ttt4rec.api;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.Interaction;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.data.read.Datasets;
import io.github.ttt4rec.hybrid.HybridConfig;
import io.github.ttt4rec.internal.Withers;
import io.github.ttt4rec.recommend.RecommenderConfig;
import io.github.ttt4rec.train.TrainConfig;
import io.github.ttt4rec.ttt.TttConfig;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Everything that decides the results of a run, apart from the file, the seed and the number of threads.
 * {@link RunConfigs} reads and writes it as YAML.
 *
 * @param read how the log is read
 * @param data which events of the log are kept
 * @param split which cases are for training, validation and test
 * @param model the type and the settings of the recommender
 * @param train how the recommender is trained
 */
@Withers
public record RunConfig(
        ReadOptions read, PrepareOptions data, SplitSpec split, RecommenderConfig model, TrainConfig train)
        implements RunConfigBuilder.With {
    /** The paper's protocol and main model. The format and the columns of the log are detected. */
    public static RunConfig defaults() {
        return new RunConfig(
                ReadOptions.defaults(),
                PrepareOptions.defaults(),
                SplitSpec.defaults(),
                TttConfig.defaults(),
                TrainConfig.defaults());
    }

    /**
     * The defaults of the command {@code train}, for a model that will serve: the hybrid model, evaluated on the most
     * recent events, and the rest of {@link #defaults}.
     */
    public static RunConfig production() {
        return defaults().withSplit(SplitSpec.recent()).withModel(HybridConfig.defaults());
    }

    /**
     * Reads, filters and splits a log as this configuration says.
     *
     * @throws UserFacingException if the file cannot be read, or no event is left to train on
     */
    public Split open(Path log) {
        return split.apply(Datasets.read(log, read, data));
    }

    /**
     * Takes an application's own events, such as rows of its database, and filters and splits them as this
     * configuration says.
     * {@snippet :
     * record Purchase(String customer, String product, Instant time) {}
     * Split split = config.open(purchases, Purchase::customer, Purchase::product, Purchase::time);
     * }
     *
     * @param events in any order if they have times; without times, in the order in which they happened
     * @param user the id of an event's user
     * @param item the id of an event's item
     * @param time when an event happened, kept to the microsecond; null for all events if only their order is known
     * @throws UserFacingException if there are no events, if an id is empty, if only some events have times, or if no
     *     event is left to train on
     */
    public <E> Split open(
            Iterable<E> events,
            Function<? super E, String> user,
            Function<? super E, String> item,
            Function<? super E, @Nullable Instant> time) {
        return open(StreamSupport.stream(events.spliterator(), false), user, item, time);
    }

    /** The same for a stream, which is consumed. */
    @SuppressWarnings("StreamToIterable") // Datasets.of iterates once
    public <E> Split open(
            Stream<E> events,
            Function<? super E, String> user,
            Function<? super E, String> item,
            Function<? super E, @Nullable Instant> time) {
        Stream<Interaction> interactions =
                events.map(event -> new Interaction(user.apply(event), item.apply(event), time.apply(event)));
        return split.apply(Datasets.of(interactions::iterator, data));
    }
}
