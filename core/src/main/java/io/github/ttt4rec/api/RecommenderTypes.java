package io.github.ttt4rec.api;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.baseline.Bert4Rec;
import io.github.ttt4rec.baseline.EsasRec;
import io.github.ttt4rec.baseline.FactorisedMarkovChain;
import io.github.ttt4rec.baseline.Gru4Rec;
import io.github.ttt4rec.baseline.Hstu;
import io.github.ttt4rec.baseline.Mamba4Rec;
import io.github.ttt4rec.baseline.Narm;
import io.github.ttt4rec.baseline.SasRec;
import io.github.ttt4rec.hybrid.HybridConfig;
import io.github.ttt4rec.neighbour.Ease;
import io.github.ttt4rec.neighbour.ItemKnn;
import io.github.ttt4rec.neighbour.MarkovChain;
import io.github.ttt4rec.neighbour.RecentPopularity;
import io.github.ttt4rec.neighbour.Slist;
import io.github.ttt4rec.neighbour.Tale;
import io.github.ttt4rec.neighbour.VsKnn;
import io.github.ttt4rec.recommend.MemoryBasedConfig;
import io.github.ttt4rec.recommend.NetworkConfig;
import io.github.ttt4rec.recommend.Popularity;
import io.github.ttt4rec.recommend.RecommenderConfig;
import io.github.ttt4rec.ttt.TttConfig;
import java.util.List;
import java.util.Optional;

/** The list of recommender types. To add a type, write its class with its configuration record and add a line here. */
public final class RecommenderTypes {
    private static final List<RecommenderConfig> DEFAULTS = List.of(
            TttConfig.defaults(),
            HybridConfig.defaults(),
            Gru4Rec.Config.defaults(),
            Narm.Config.defaults(),
            SasRec.Config.defaults(),
            EsasRec.Config.defaults(),
            Hstu.Config.defaults(),
            Bert4Rec.Config.defaults(),
            Mamba4Rec.Config.defaults(),
            FactorisedMarkovChain.Config.defaults(),
            ItemKnn.Options.defaults(),
            Ease.defaults(),
            Slist.defaults(),
            Tale.defaults(),
            VsKnn.Options.defaults(),
            new MarkovChain.Config(),
            new Popularity.Config(),
            RecentPopularity.Options.defaults());

    private RecommenderTypes() {}

    /** The names of all types, as {@code model.type} takes them. */
    public static List<String> names() {
        return DEFAULTS.stream().map(RecommenderConfig::type).toList();
    }

    /** The names of the types that are networks. */
    public static List<String> networks() {
        return DEFAULTS.stream()
                .filter(NetworkConfig.class::isInstance)
                .map(RecommenderConfig::type)
                .toList();
    }

    /** Returns whether a type is trained in epochs: a network, or a network with a second stage. */
    public static boolean isTrained(String type) {
        return defaults(type)
                .filter(config -> !(config instanceof MemoryBasedConfig))
                .isPresent();
    }

    /** The published defaults of a type; empty if there is no such type. */
    public static Optional<RecommenderConfig> defaults(String type) {
        return DEFAULTS.stream().filter(config -> config.type().equals(type)).findFirst();
    }

    /**
     * The published defaults of a type.
     *
     * @param source the name of the setting in messages
     * @throws UserFacingException if there is no such type; the message lists the existing types
     */
    static RecommenderConfig require(String type, String source) {
        return defaults(type)
                .orElseThrow(() -> new UserFacingException(source + ": model.type: there is no model \"" + type
                        + "\"; there are " + String.join(", ", names())));
    }
}
