package io.github.ttt4rec.lab.compare;

import io.github.ttt4rec.api.RecommenderTypes;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.lab.compare.Method.Blended;
import io.github.ttt4rec.lab.compare.Method.Refitted;
import io.github.ttt4rec.lab.compare.Method.Reused;
import io.github.ttt4rec.lab.compare.Method.Trained;
import io.github.ttt4rec.recommend.HistoryPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The methods that a comparison can test: every type of recommender by its name, and variants of some. A line here
 * gives a type a description, groups and special settings.
 */
public final class Methods {
    /** The paper's main model, with which the others are compared. */
    public static final String MAIN = "ttt4rec";

    /** The group of all methods. */
    public static final String ALL = "all";

    /** The separator between a network's name and a history policy. */
    public static final String POLICY = "@";

    /** The keyword of a blend, {@code blend=NAME+NAME}. */
    public static final String BLEND = "blend";

    /** The separator between the names of a blend's parts. */
    private static final String PLUS = "+";

    /**
     * With binary losses, models recommend popular items for thousands of steps before they improve; with the
     * protocol's batch size that would take hundreds of epochs. The published batches have 128 sequences.
     */
    private static final String SMALL_BATCHES = "batch_size=256";

    /** For methods that improve slowly or late, for which the protocol's patience of 5 would be too short. */
    private static final String SLOW = "patience=20";

    private static final String SLOWEST = "patience=40";

    private static final String DEFAULT = "default";
    private static final String PAPER = "paper";
    private static final String CONTROLS = "controls";
    private static final String LOSSES = "losses";
    private static final String POLICIES = "policies";
    /** The default model, and variants that each lack one of its parts. */
    private static final String ABLATION = "ablation";

    private static final String SIMPLE = "simple";
    /** The strongest known methods, as a benchmark for a model. */
    private static final String BEST = "best";

    private static final Method TTT4REC = new Method(
            MAIN,
            "TTT4Rec, the paper's main model: Transformer backbone, MLP inner model",
            Set.of(PAPER, LOSSES, POLICIES, BEST),
            new Trained("ttt4rec", null, List.of()));

    private static final Method HYBRID = new Method(
            "hybrid",
            "the default model: a TTT network and an output layer of repeats, related items and popularity",
            Set.of(DEFAULT, BEST, ABLATION),
            new Trained("hybrid", null, List.of()));

    private static final List<Method> DESCRIBED = List.of(
            TTT4REC,
            HYBRID,
            without("repeats", "use_repeats=false"),
            without("memory", "use_memory=false"),
            without("popularity", "use_popularity=false"),
            without("times", "use_times=false"),
            new Method(
                    "hybrid-all-terms",
                    "control: hybrid's network, the output layer fitted again without leaving out terms",
                    Set.of(ABLATION),
                    new Refitted(HYBRID, List.of("choose_terms=false"))),
            new Method(
                    "hybrid-frozen",
                    "control: hybrid's network with its inner learning switched off, the output layer fitted again",
                    Set.of(ABLATION),
                    new Refitted(HYBRID, List.of("base_lr=0"))),
            ttt("ttt-linear", "Transformer backbone, linear inner model", PAPER, "layer=linear"),
            ttt("ttt-mamba-linear", "Mamba backbone, linear inner model", PAPER, "backbone=mamba", "layer=linear"),
            ttt("ttt-mamba-mlp", "Mamba backbone, MLP inner model", PAPER, "backbone=mamba"),
            type("gru4rec", "GRU4Rec: a gated recurrent network", PAPER),
            type("narm", "NARM: a recurrent network with attention", PAPER),
            new Method(
                    "sasrec",
                    "SASRec: a causal Transformer, cross-entropy",
                    Set.of(PAPER, LOSSES, BEST),
                    new Trained("sasrec", null, List.of())),
            type(
                    "esasrec",
                    "eSASRec: SASRec with LiGR layers, cross-entropy over 256 sampled items",
                    BEST,
                    "loss=sampled_ce",
                    "negatives=256",
                    SLOW),
            type("hstu", "HSTU: gated layers of pointwise attention without a softmax, cross-entropy", BEST),
            type("bert4rec", "BERT4Rec: a bidirectional Transformer that restores masked items", PAPER, SLOW),
            type("mamba4rec", "Mamba4Rec: a selective state space model", PAPER),
            ttt("ttt-mlp-frozen", "control: ttt4rec without inner learning, trained and tested", CONTROLS, "base_lr=0"),
            new Method(
                    "ttt-mlp-frozen-at-test",
                    "control: ttt4rec as trained, its inner learning switched off in the test",
                    Set.of(CONTROLS),
                    new Reused(TTT4REC, List.of("base_lr=0"), HistoryPolicy.WINDOW)),
            ttt(
                    "ttt-linear-frozen",
                    "control: ttt-linear without inner learning",
                    CONTROLS,
                    "layer=linear",
                    "base_lr=0"),
            ttt(
                    "ttt-mlp-no-inner-norm",
                    "control: no LayerNorm between the inner model and its loss and output",
                    CONTROLS,
                    "inner_norm=false"),
            ttt(
                    "ttt-linear-no-inner-norm",
                    "control: ttt-linear without the inner LayerNorm",
                    CONTROLS,
                    "layer=linear",
                    "inner_norm=false"),
            ttt(
                    "ttt-mlp-fixed-lr",
                    "control: inner learning rate fixed at the initial value of the learned one",
                    CONTROLS,
                    "learned_inner_rate=false"),
            ttt(
                    "ttt-linear-fixed-lr",
                    "control: ttt-linear with a fixed inner learning rate",
                    CONTROLS,
                    "layer=linear",
                    "learned_inner_rate=false"),
            ttt("ttt-mlp-lr0.1", "control: inner learning rate a tenth", CONTROLS, "base_lr=0.1"),
            ttt("ttt-mlp-k1", "control: inner mini-batch of 1", CONTROLS, "mini_batch_size=1"),
            ttt("ttt-mlp-k4", "control: inner mini-batch of 4", CONTROLS, "mini_batch_size=4"),
            ttt("ttt-mlp-k16", "control: inner mini-batch of 16", CONTROLS, "mini_batch_size=16"),
            ttt("ttt-mlp-2blocks", "control: two residual blocks", CONTROLS, "num_layers=2"),
            ttt("ttt-mlp-3blocks", "control: three residual blocks", CONTROLS, "num_layers=3"),
            loss("sasrec", "sampled-ce", "cross-entropy over 256 sampled items, logQ correction", "negatives=256"),
            loss(
                    "sasrec",
                    "bce",
                    "binary cross-entropy against 1 sampled item and in small batches, as first published",
                    "negatives=1",
                    SMALL_BATCHES,
                    SLOW),
            loss(
                    "sasrec",
                    "gbce",
                    "generalised binary cross-entropy (gSASRec) against 256 sampled items, t = 0.75, in small batches",
                    "negatives=256",
                    "gbce_t=0.75",
                    SMALL_BATCHES,
                    SLOWEST),
            loss(MAIN, "sampled-ce", "cross-entropy over 256 sampled items, logQ correction", "negatives=256"),
            reading(TTT4REC, HistoryPolicy.HOP),
            reading(TTT4REC, HistoryPolicy.UNBOUNDED),
            reading(TTT4REC, HistoryPolicy.RESET),
            type("popularity", "most popular items", SIMPLE),
            type("recent-popularity", "most popular items of the last tenth of the training events", SIMPLE),
            memoryBased("item-knn", "items bought by the same users"),
            memoryBased("vsknn", "V-SKNN: items of users with similar histories"),
            memoryBased("markov", "first-order Markov chain"),
            memoryBased("ease", "EASE: linear item-item model of the users' items"),
            memoryBased("slist", "SLIST: linear item-item model of similarity and transitions"),
            memoryBased("tale", "TALE: linear item-item model of single targets, weighted by time"),
            type("fmc", "factorised first-order Markov chain: learns, but sees the last item only", SIMPLE));

    /** The methods above, followed by all other types of recommender, which need no line here to be compared. */
    private static final List<Method> KNOWN = Stream.concat(
                    DESCRIBED.stream(),
                    RecommenderTypes.names().stream()
                            .filter(type -> DESCRIBED.stream()
                                    .noneMatch(method -> method.name().equals(type)))
                            .map(type -> new Method(
                                    type,
                                    "type " + type + " with its defaults",
                                    Set.of(),
                                    new Trained(type, null, List.of()))))
            .toList();

    private static final Map<String, String> ALIASES = Map.of("ttt-mlp", MAIN);

    private Methods() {}

    private static Method without(String part, String setting) {
        return new Method(
                "hybrid-no-" + part,
                "control: hybrid's network, the output layer fitted again without " + part,
                Set.of(ABLATION),
                new Refitted(HYBRID, List.of(setting)));
    }

    private static Method ttt(String name, String description, String group, String... settings) {
        return new Method(name, description, Set.of(group), new Trained("ttt4rec", null, List.of(settings)));
    }

    private static Method type(String type, String description, String group, String... settings) {
        return new Method(type, description, Set.of(group), new Trained(type, null, List.of(settings)));
    }

    /** A memory-based method that belongs to the strongest. */
    private static Method memoryBased(String type, String description) {
        return new Method(type, description, Set.of(SIMPLE, BEST), new Trained(type, null, List.of()));
    }

    /** A type of network trained with another loss. */
    private static Method loss(String type, String loss, String description, String... settings) {
        List<String> all = new ArrayList<>(List.of("loss=" + loss.replace('-', '_')));
        all.addAll(List.of(settings));
        return new Method(
                type + "-" + loss, type + " trained with " + description, Set.of(LOSSES), new Trained(type, null, all));
    }

    /** The weights of a network used under another history policy. */
    private static Method reading(Method trained, HistoryPolicy policy) {
        String word = policy.name().toLowerCase(Locale.ROOT);
        return new Method(
                trained.name() + POLICY + word,
                trained.name() + " as trained, reading " + (policy == HistoryPolicy.UNBOUNDED ? "" : "the ")
                        + policy.describe(),
                trained.equals(TTT4REC) ? Set.of(POLICIES) : Set.of(),
                new Reused(trained, List.of(), policy));
    }

    /** Returns whether a name ends in this policy, so that the method is tested under it. */
    public static boolean reads(String name, HistoryPolicy policy) {
        return name.endsWith(POLICY + policy.name().toLowerCase(Locale.ROOT));
    }

    /** All known methods, in the order of reports. */
    public static List<Method> known() {
        return KNOWN;
    }

    /** Alternative names and the methods that they stand for. */
    public static Map<String, String> aliases() {
        return ALIASES;
    }

    /** The names of the groups, including {@link #ALL}. */
    public static List<String> groups() {
        Set<String> groups = new TreeSet<>();
        KNOWN.forEach(method -> groups.addAll(method.groups()));
        return Stream.concat(Stream.of(ALL), groups.stream()).toList();
    }

    /**
     * The methods that {@code words} name, without repetitions and in that order. A method that reuses the weights of
     * another comes after it.
     *
     * @param words names, groups, {@code NAME=FILE} for a method made from a configuration file, {@code NAME@POLICY}
     *     for a network's weights under another {@link HistoryPolicy}, and {@code blend=NAME+NAME} for a blend of known
     *     methods or of methods named before
     * @throws IllegalArgumentException for any other word; the message lists the valid ones
     */
    public static List<Method> choose(List<String> words) {
        Map<String, Method> chosen = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (word.startsWith(BLEND + "=")) {
                add(chosen, blend(chosen, word.substring(equals + 1)));
            } else if (equals >= 0) {
                add(chosen, own(word.substring(0, equals), word.substring(equals + 1)));
            } else if (word.contains(POLICY)) {
                add(chosen, underPolicy(chosen, word));
            } else {
                matching(word).forEach(method -> add(chosen, method));
            }
        }
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("no model is named; there are " + list());
        }
        return List.copyOf(chosen.values());
    }

    /** The method for {@code NAME@POLICY}, with a network that is known or chosen before. */
    private static Method underPolicy(Map<String, Method> chosen, String word) {
        String[] parts = word.split(POLICY, 2);
        String name = ALIASES.getOrDefault(parts[0], parts[0]);
        Method network = Stream.concat(chosen.values().stream(), KNOWN.stream())
                .filter(method ->
                        method.name().equals(name) && method.recipe() instanceof Trained && method.isNetwork())
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("'" + word + "': there is no network '" + parts[0] + "'"));
        HistoryPolicy policy = Arrays.stream(HistoryPolicy.values())
                .filter(one -> one.name().equalsIgnoreCase(parts[1]))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + word + "': '" + parts[1] + "' is not window, hop, unbounded or reset"));
        return policy == HistoryPolicy.WINDOW ? network : reading(network, policy);
    }

    private static Method blend(Map<String, Method> chosen, String names) {
        List<Method> parts = new ArrayList<>();
        for (String word : names.split("\\" + PLUS, -1)) {
            String name = ALIASES.getOrDefault(word.strip(), word.strip());
            parts.add(Stream.concat(chosen.values().stream(), KNOWN.stream())
                    .filter(method -> method.name().equals(name) && method.recipe() instanceof Trained)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("'blend=" + names + "': there is no model '" + name
                            + "' to blend; expected names such as blend=item-knn+sasrec")));
        }
        List<String> different = parts.stream().map(Method::name).distinct().toList();
        if (different.size() < parts.size() || parts.size() < 2) {
            throw new IllegalArgumentException("'blend=" + names + "': expected two or more different models");
        }
        return new Method(
                BLEND + "-" + String.join(PLUS, different),
                "blend of the standard scores of " + String.join(", ", different) + ", weights by validation",
                Set.of(),
                new Blended(parts));
    }

    private static List<Method> matching(String word) {
        String name = ALIASES.getOrDefault(word, word);
        List<Method> matching = KNOWN.stream()
                .filter(method -> word.equals(ALL)
                        || method.name().equals(name)
                        || method.groups().contains(name))
                .toList();
        if (matching.isEmpty()) {
            throw new IllegalArgumentException("there is no model '" + word + "'; there are " + list());
        }
        return matching;
    }

    private static void add(Map<String, Method> chosen, Method method) {
        if (method.recipe() instanceof Reused reused) {
            chosen.putIfAbsent(reused.trained().name(), reused.trained());
        }
        if (method.recipe() instanceof Refitted refitted) {
            chosen.putIfAbsent(refitted.trained().name(), refitted.trained());
        }
        if (method.recipe() instanceof Blended blended) {
            blended.parts().forEach(part -> add(chosen, part));
        }
        chosen.putIfAbsent(method.name(), method);
    }

    private static Method own(String name, String file) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.+]*(-[A-Za-z0-9_.+]+)*") || file.isEmpty()) {
            throw new IllegalArgumentException(
                    "'" + name + "=" + file + "': expected NAME=config.yaml, the name of letters, digits, - _ . +");
        }
        if (KNOWN.stream().anyMatch(known -> known.name().equals(name))
                || ALIASES.containsKey(name)
                || groups().contains(name)) {
            throw new IllegalArgumentException("'" + name + "' is taken; give your model another name");
        }
        Path path = Path.of(file);
        // A missing file is reported when its configuration is read.
        String type = Files.exists(path)
                ? RunConfigs.read(path, RunConfig.defaults()).model().type()
                : "";
        return new Method(name, "from " + file, Set.of(), new Trained(type, path, List.of()));
    }

    private static String list() {
        return KNOWN.stream().map(Method::name).collect(Collectors.joining(", ")) + " and the groups "
                + String.join(", ", groups());
    }

    /** Splits a comma-separated list of the command line. */
    public static List<String> words(String list) {
        return Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
