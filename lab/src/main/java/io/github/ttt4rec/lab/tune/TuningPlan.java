package io.github.ttt4rec.lab.tune;

import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.eval.EvaluationOptions;
import io.github.ttt4rec.eval.Protocol;
import io.github.ttt4rec.internal.RunDirectory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The plan of a {@link Tuning}. Everything but the budget determines the sequence of trials.
 *
 * @param medianRule whether bad trials are stopped early ({@link MedianRule}); only with protocol {@code all}, by which epochs are
 *     validated
 * @param seed of the search and of every training
 * @param threads to train and evaluate with
 * @param protocol by which trials are validated and the best one is tested
 */
public record TuningPlan(
        RunConfig config,
        SearchSpace space,
        Search search,
        boolean medianRule,
        long seed,
        int threads,
        Budget budget,
        Protocol protocol) {
    /** The name of the protocol in a fingerprint. */
    static final String PROTOCOL = "protocol";

    /** Switches the median rule off if epochs are validated by another protocol than trials. */
    public TuningPlan {
        medianRule = medianRule && protocol == Protocol.ALL;
    }

    /**
     * When to end. A trial under way is let finish.
     *
     * @param trials at most so many
     * @param minutes that trials may take together, those before a restart too; infinite for any
     */
    public record Budget(int trials, double minutes) {}

    /** Everything but the budget, by name: what trials of one search agree in. */
    Map<String, String> fingerprint(String dataSha256) {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put(RunDirectory.DATA, dataSha256);
        entries.put("search", search.name().toLowerCase(Locale.ROOT));
        entries.put("median rule", Boolean.toString(medianRule));
        entries.put("seed", Long.toString(seed));
        entries.put(PROTOCOL, word(protocol));
        entries.put("threads", Integer.toString(threads));
        space.dimensions()
                .forEach(dimension -> entries.put(
                        "range of " + dimension.path(), dimension.domain().toString()));
        entries.putAll(RunConfigs.flat(RunConfigs.toMap(config)));
        return entries;
    }

    /** The protocol's name as people write it. */
    static String word(Protocol protocol) {
        return protocol.name().toLowerCase(Locale.ROOT);
    }

    /** The way in which trials are validated and the best trial's recommender is tested. */
    EvaluationOptions evaluation() {
        return EvaluationOptions.defaults("last " + config.train().maxLen() + " items")
                .withThreads(threads)
                .withProtocol(protocol)
                .withBootstrap(1000, 1);
    }
}
