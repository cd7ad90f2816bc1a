package io.github.ttt4rec.api;

import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.baseline.Bert4Rec;
import io.github.ttt4rec.baseline.EsasRec;
import io.github.ttt4rec.baseline.Gru4Rec;
import io.github.ttt4rec.baseline.Hstu;
import io.github.ttt4rec.baseline.Mamba4Rec;
import io.github.ttt4rec.baseline.Narm;
import io.github.ttt4rec.baseline.SasRec;
import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.io.Provenance;
import io.github.ttt4rec.model.SequenceModel;
import io.github.ttt4rec.recommend.NetworkConfig;
import io.github.ttt4rec.recommend.SequenceRecommender;
import io.github.ttt4rec.train.TrainConfig;
import io.github.ttt4rec.ttt.InnerModelType;
import io.github.ttt4rec.ttt.TttConfig;
import io.github.ttt4rec.ttt.TttConfig.Backbone;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One small network of each type, with random weights. */
final class Networks {
    /**
     * With padding, this is one less than a panel of the packed output table: one more item fills the panel, two start
     * another.
     */
    static final int ITEMS = 62;

    static final int MAX_LEN = 6;

    private Networks() {}

    static Stream<NetworkConfig> all() {
        return Stream.concat(
                ttt(),
                Stream.of(
                        new Gru4Rec.Config(12, 20, 2, 0.3),
                        new Narm.Config(12, 20, 2, 0.25, 0.5),
                        new SasRec.Config(2, 2, 12, 20, 0.2, 0.2, MAX_LEN),
                        new EsasRec.Config(2, 2, 12, 20, 0.2, 0.2, MAX_LEN),
                        new Hstu.Config(2, 2, 12, 0.2, MAX_LEN),
                        new Bert4Rec.Config(2, 2, 12, 20, 0.2, 0.2, 0.2, 0.5, MAX_LEN),
                        new Mamba4Rec.Config(2, 12, 8, 4, 2, 0.2)));
    }

    static Stream<NetworkConfig> ttt() {
        return Stream.of(
                ttt(InnerModelType.MLP, Backbone.TRANSFORMER, 1, false, true),
                ttt(InnerModelType.LINEAR, Backbone.TRANSFORMER, 2, false, false),
                ttt(InnerModelType.MLP, Backbone.MAMBA, 2, true, true),
                ttt(InnerModelType.LINEAR, Backbone.MAMBA, 1, false, false),
                control(InnerModelType.MLP, false, true),
                control(InnerModelType.LINEAR, true, false));
    }

    private static TttConfig control(InnerModelType layer, boolean innerNorm, boolean learnedInnerRate) {
        return ttt(layer, Backbone.TRANSFORMER, 1, false, true)
                .withInnerNorm(innerNorm)
                .withLearnedInnerRate(learnedInnerRate);
    }

    static TttConfig ttt(InnerModelType layer, Backbone backbone, int layers, boolean preConv, boolean tieOutput) {
        return new TttConfig(layer, backbone, preConv, layers, 12, 2, 20, 4, 1.0, 1000, 4, 0.2, tieOutput);
    }

    static TrainedModel model(NetworkConfig config, long seed) {
        return model(config, ITEMS, seed);
    }

    static TrainedModel model(NetworkConfig config, int items, long seed) {
        SequenceModel network = config.create(items);
        Random random = new Random(seed);
        for (Parameter parameter : network.parameters().all()) {
            float centre = parameter.init().equals(Parameter.Init.ONE) ? 1f : 0f;
            // A position scale of 1/4 that moved much more would be clamped to 0, and no mini-batch would influence the
            // next.
            float deviation = parameter.name().endsWith("learnable_token_idx") ? 0.02f : 0.3f;
            for (int i = 0; i < parameter.size(); i++) {
                parameter.value()[i] = centre + deviation * (float) random.nextGaussian();
            }
        }
        // Row 0 is padding.
        for (Parameter table : List.of(network.inputTable(), network.outputTable())) {
            Arrays.fill(table.value(), 0, table.extent(1), 0f);
        }
        network.parameters().updated();
        List<String> names =
                IntStream.rangeClosed(1, items).mapToObj(i -> "item " + i).toList();
        long[] popularity = new long[items + 1];
        Arrays.setAll(popularity, item -> item == 0 ? 0 : random.nextInt(50));
        return new TrainedModel(
                run(config), new IdMap(names), new SequenceRecommender(network, MAX_LEN), provenance(), popularity);
    }

    static int[] items(Random random, int count) {
        return random.ints(count, 1, ITEMS + 1).toArray();
    }

    private static RunConfig run(NetworkConfig config) {
        return RunConfig.defaults()
                .withModel(config)
                .withTrain(new TrainConfig(TrainConfig.Loss.CE, MAX_LEN, 0, 128, 0.01, 1, 1));
    }

    private static Provenance provenance() {
        return new Provenance(
                "0.1.0",
                "25.0.3",
                "any",
                new DataSource("log.csv", "abc", List.of()),
                "ratio 3:2:5",
                Map.of(),
                1,
                1,
                Instant.EPOCH,
                Instant.EPOCH,
                1,
                1,
                Map.of(),
                null);
    }
}
