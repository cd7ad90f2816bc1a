package io.github.ttt4rec.compare;

import io.github.ttt4rec.api.NeighbourRunConfig;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.compare.Entrant.Counted;
import io.github.ttt4rec.compare.Entrant.Maker;
import io.github.ttt4rec.compare.Entrant.Reused;
import io.github.ttt4rec.compare.Entrant.Trained;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.eval.Popularity;
import io.github.ttt4rec.eval.Recommender;
import io.github.ttt4rec.neighbour.ItemKnn;
import io.github.ttt4rec.neighbour.MarkovChain;
import io.github.ttt4rec.neighbour.RecentPopularity;
import io.github.ttt4rec.neighbour.VsKnn;
import io.github.ttt4rec.neighbour.VsKnnOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Everybody who can take part in a comparison. A new one is a line here. */
public final class Entrants {
    /** The paper's main model, to which the others are compared. */
    public static final String MAIN = "ttt4rec";

    /** The group of everybody. */
    public static final String ALL = "all";

    private static final String PAPER = "paper";
    private static final String CONTROLS = "controls";
    private static final String SIMPLE = "simple";

    private static final List<Entrant> KNOWN = List.of(
            ttt(MAIN, "TTT4Rec, the paper's main model: Transformer backbone, MLP inner model", PAPER),
            ttt("ttt-linear", "Transformer backbone, linear inner model", PAPER, "layer=linear"),
            ttt("ttt-mamba-linear", "Mamba backbone, linear inner model", PAPER, "backbone=mamba", "layer=linear"),
            ttt("ttt-mamba-mlp", "Mamba backbone, MLP inner model", PAPER, "backbone=mamba"),
            network("gru4rec", "GRU4Rec: a gated recurrent network"),
            network("narm", "NARM: a recurrent network with attention"),
            network("sasrec", "SASRec: a causal Transformer"),
            network("bert4rec", "BERT4Rec: a bidirectional Transformer that restores masked items"),
            network("mamba4rec", "Mamba4Rec: a selective state space model"),
            ttt("ttt-mlp-frozen", "control: ttt4rec without inner learning, trained and tested", CONTROLS, "base_lr=0"),
            new Entrant(
                    "ttt-mlp-frozen-at-test",
                    "control: ttt4rec as trained, its inner learning switched off in the test",
                    Set.of(CONTROLS),
                    new Reused(MAIN, List.of("base_lr=0"))),
            ttt(
                    "ttt-linear-frozen",
                    "control: ttt-linear without inner learning",
                    CONTROLS,
                    "layer=linear",
                    "base_lr=0"),
            ttt("ttt-mlp-lr0.1", "control: inner learning rate a tenth", CONTROLS, "base_lr=0.1"),
            ttt("ttt-mlp-k1", "control: inner mini-batch of 1", CONTROLS, "mini_batch_size=1"),
            ttt("ttt-mlp-k4", "control: inner mini-batch of 4", CONTROLS, "mini_batch_size=4"),
            ttt("ttt-mlp-k16", "control: inner mini-batch of 16", CONTROLS, "mini_batch_size=16"),
            ttt("ttt-mlp-2blocks", "control: two residual blocks", CONTROLS, "num_layers=2"),
            ttt("ttt-mlp-3blocks", "control: three residual blocks", CONTROLS, "num_layers=3"),
            counted("popularity", "most popular items", (split, maxLen) -> Popularity.of(split)),
            counted(
                    "recent-popularity",
                    "most popular items of the last tenth of the training events",
                    (split, maxLen) -> new RecentPopularity(split)),
            counted("item-knn", "items bought by the same users", Entrants::itemKnn),
            counted("vsknn", "V-SKNN: what users with a similar history have", Entrants::vsKnn),
            counted("markov", "first-order Markov chain", (split, maxLen) -> new MarkovChain(split)));

    private static final Map<String, String> ALIASES = Map.of("ttt-mlp", MAIN);

    private Entrants() {}

    private static Entrant ttt(String name, String description, String group, String... settings) {
        return new Entrant(name, description, Set.of(group), new Trained("ttt4rec", null, List.of(settings)));
    }

    private static Entrant network(String type, String description) {
        return new Entrant(type, description, Set.of(PAPER), new Trained(type, null, List.of()));
    }

    private static Entrant counted(String name, String description, Maker maker) {
        return new Entrant(name, description, Set.of(SIMPLE), new Counted(maker, null));
    }

    private static Recommender itemKnn(Split split, int maxLen) {
        ItemKnn.Options defaults = ItemKnn.Options.defaults();
        return new ItemKnn(
                split,
                new ItemKnn.Options(
                        defaults.neighbours(), defaults.shrinkage(), maxLen, defaults.decay(), defaults.remind()));
    }

    private static Recommender vsKnn(Split split, int maxLen) {
        VsKnnOptions defaults = VsKnnOptions.defaults();
        return new VsKnn(
                split,
                new VsKnnOptions(
                        defaults.k(),
                        defaults.sampleSize(),
                        maxLen,
                        defaults.weighting(),
                        defaults.scoreWeighting(),
                        defaults.idfWeight(),
                        defaults.remind()));
    }

    /** Everybody, in the order of reports. */
    public static List<Entrant> known() {
        return KNOWN;
    }

    /** Other names, and whom they mean. */
    public static Map<String, String> aliases() {
        return ALIASES;
    }

    /** The groups' names, {@link #ALL} among them. */
    public static List<String> groups() {
        Set<String> groups = new TreeSet<>();
        KNOWN.forEach(entrant -> groups.addAll(entrant.groups()));
        return Stream.concat(Stream.of(ALL), groups.stream()).toList();
    }

    /**
     * Those that {@code words} name, each once, in the order named; before one that reuses another's weights comes that
     * other.
     *
     * @param words names, groups, and {@code NAME=FILE} for an entrant made from a configuration file
     * @throws IllegalArgumentException for a word that is none of these; the message lists all
     */
    public static List<Entrant> choose(List<String> words) {
        Map<String, Entrant> chosen = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals >= 0) {
                add(chosen, own(word.substring(0, equals), word.substring(equals + 1)));
            } else {
                matching(word).forEach(entrant -> add(chosen, entrant));
            }
        }
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("no model is named; there are " + list());
        }
        return List.copyOf(chosen.values());
    }

    private static List<Entrant> matching(String word) {
        String name = ALIASES.getOrDefault(word, word);
        List<Entrant> matching = KNOWN.stream()
                .filter(entrant -> word.equals(ALL)
                        || entrant.name().equals(name)
                        || entrant.groups().contains(name))
                .toList();
        if (matching.isEmpty()) {
            throw new IllegalArgumentException("there is no model '" + word + "'; there are " + list());
        }
        return matching;
    }

    private static void add(Map<String, Entrant> chosen, Entrant entrant) {
        if (entrant.method() instanceof Reused reused) {
            matching(reused.entrant()).forEach(other -> chosen.putIfAbsent(other.name(), other));
        }
        chosen.putIfAbsent(entrant.name(), entrant);
    }

    private static Entrant own(String name, String file) {
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
        // A file that is not there is reported when its configuration is asked for.
        boolean neighbours = Files.exists(path)
                && NeighbourRunConfig.read(path, RunConfig.defaults()).isPresent();
        return new Entrant(
                name,
                "from " + file,
                Set.of(),
                neighbours
                        ? new Counted((split, maxLen) -> neighbours(path, split, maxLen), path)
                        : new Trained("", path, List.of()));
    }

    private static Recommender neighbours(Path file, Split split, int maxLen) {
        return NeighbourRunConfig.read(file, RunConfig.defaults())
                .orElseThrow()
                .overlay(Map.of("train", Map.of("max_len", maxLen)), file.toString())
                .method()
                .create(split);
    }

    private static String list() {
        return KNOWN.stream().map(Entrant::name).collect(Collectors.joining(", ")) + " and the groups "
                + String.join(", ", groups());
    }

    /** Splits a list as the command line takes it: at commas. */
    public static List<String> words(String list) {
        return Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
