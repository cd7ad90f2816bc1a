package io.github.ttt4rec.api;

import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.io.internal.ModelDirectory;
import io.github.ttt4rec.io.internal.SavedModel;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.recommend.MemoryBasedConfig;
import io.github.ttt4rec.recommend.MemoryBasedRecommender;
import io.github.ttt4rec.recommend.NetworkConfig;
import io.github.ttt4rec.recommend.Recommender;
import io.github.ttt4rec.recommend.SequenceRecommender;
import io.github.ttt4rec.recommend.TwoStageConfig;
import io.github.ttt4rec.train.internal.AttributeEncoder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Loads model directories. */
final class ModelLoader {
    private ModelLoader() {}

    /** See {@link TrainedModel#load}. */
    static TrainedModel load(Path directory) {
        SavedModel all = ModelDirectory.load(directory);
        SavedModel saved = all.without(AttributeEncoder.PREFIX);
        RunConfig config = RunConfigs.overlay(
                RunConfig.defaults(),
                saved.config(),
                directory.resolve(ModelDirectory.CONFIG).toString());
        int maxLen = config.train().maxLen();
        Recommender recommender = switch (config.model()) {
            case NetworkConfig network -> network(network, maxLen, saved);
            case TwoStageConfig stages ->
                stages.load(network(stages.network(), maxLen, saved.without(SavedModel.SECOND_STAGE)), saved.weights());
            case MemoryBasedConfig tables ->
                MemoryBasedRecommender.load(
                        tables, saved.weights(), saved.items().size());
        };
        TrainedModel model =
                new TrainedModel(config, saved.items(), recommender, saved.provenance(), saved.popularity());
        return model.firstStage()
                .flatMap(network -> encoder(network.network(), all.weights()))
                .map(model::with)
                .orElse(model);
    }

    private static Optional<AttributeEncoder> encoder(SequenceModel network, TensorFile weights) {
        Map<String, Integer> tables = new LinkedHashMap<>();
        tables.put(network.inputTable().name(), network.inputTable().extent(1));
        tables.put(network.outputTable().name(), network.outputTable().extent(1));
        return AttributeEncoder.load(weights, tables);
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
