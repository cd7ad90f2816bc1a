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
 * @param medianRule whether bad trials are stopped early ({@link MedianRule}); only with protocol {@code all}, under
 *     which epochs are validated
 * @param seed the seed of the search and of every training
 * @param threads the number of threads for training and evaluation
 * @param protocol the protocol under which trials are validated and the best one is tested
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
    /** The key of the protocol in a fingerprint. */
    static final String PROTOCOL = "protocol";

    /** Switches the median rule off if trials are validated under another protocol than epochs. */
    public TuningPlan {
        medianRule = medianRule && protocol == Protocol.ALL;
    }

    /**
     * The limits of a search. A running trial may finish.
     *
     * @param trials the maximum number of trials
     * @param minutes the maximum total duration of trials in minutes, including those before a restart; infinite for no
     *     limit
     */
    public record Budget(int trials, double minutes) {}

    /** Everything except the budget, by name; all trials of a search must agree in it. */
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

    /** The protocol's name in options. */
    static String word(Protocol protocol) {
        return protocol.name().toLowerCase(Locale.ROOT);
    }

    /** The options for validating trials and for testing the best trial's recommender. */
    EvaluationOptions evaluation() {
        return EvaluationOptions.defaults("last " + config.train().maxLen() + " items")
                .withThreads(threads)
                .withProtocol(protocol)
                .withBootstrap(1000, 1);
    }
}
