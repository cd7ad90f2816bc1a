package io.github.ttt4rec.api;

import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.io.internal.ModelDirectory;
import io.github.ttt4rec.io.internal.SavedModel;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.recommend.MemoryBasedConfig;
import io.github.ttt4rec.recommend.MemoryBasedRecommender;
import io.github.ttt4rec.recommend.NetworkConfig;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.recommend.SequenceRecommender;
import io.github.ttt4rec.recommend.TwoStageConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Loads model directories. */
final class ModelLoader {
    private ModelLoader() {}

    /** See {@link TrainedModel#load}. */
    static TrainedModel load(Path directory) {
        SavedModel saved = ModelDirectory.load(directory);
        RunConfig config = RunConfigs.overlay(
                RunConfig.defaults(),
                saved.config(),
                directory.resolve(ModelDirectory.CONFIG).toString());
        int maxLen = config.train().maxLen();
        Recommender recommender = switch (config.model()) {
            case NetworkConfig network -> network(network, maxLen, saved);
            case TwoStageConfig stages ->
                stages.load(network(stages.network(), maxLen, saved.ofNetwork()), saved.weights());
            case MemoryBasedConfig tables ->
                MemoryBasedRecommender.load(
                        tables, saved.weights(), saved.items().size());
        };
        return new TrainedModel(config, saved.items(), recommender, saved.provenance(), saved.popularity());
    }

    private static SequenceRecommender network(NetworkConfig config, int maxLen, SavedModel saved) {
        SequenceModel network = config.create(saved.items().size());
        Map<String, int[]> shapes = new LinkedHashMap<>();
        for (Parameter parameter : network.parameters().all()) {
            shapes.put(parameter.name(), parameter.shape());
        }
        Map<String, float[]> weights =
                saved.weights(shapes, network.inputTable().name());
        for (Parameter parameter : network.parameters().all()) {
            System.arraycopy(weights.get(parameter.name()), 0, parameter.value(), 0, parameter.size());
        }
        network.parameters().updated();
        return new SequenceRecommender(network, maxLen);
    }
}
