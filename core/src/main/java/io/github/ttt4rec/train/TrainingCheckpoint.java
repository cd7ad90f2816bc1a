package io.github.ttt4rec.train;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.internal.ResultJson;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.io.internal.Checkpoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/** Writes and reads everything that a run needs to continue with bit-identical results. */
final class TrainingCheckpoint {
    private TrainingCheckpoint() {}

    /** The weights, and all that their optimisation keeps. */
    record Optimised(
            ParameterSet parameters, Adam adam, @Nullable WeightAverage average) {}

    static void save(Path path, String fingerprint, long seed, int threads, Optimised optimised, TrainingState state) {
        ParameterSet parameters = optimised.parameters();
        Adam adam = optimised.adam();
        WeightAverage average = optimised.average();
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("fingerprint", fingerprint);
        metadata.put("seed", Long.toString(seed));
        metadata.put("threads", Integer.toString(threads));
        metadata.put("epoch", Integer.toString(state.epoch()));
        metadata.put("batch", Integer.toString(state.batch()));
        metadata.put("loss_sum_bits", Long.toString(Double.doubleToRawLongBits(state.lossSum())));
        metadata.put("cases_done", Long.toString(state.casesDone()));
        metadata.put("adam_step", Long.toString(adam.step()));
        metadata.put("best_epoch", Integer.toString(state.bestEpoch()));
        metadata.put("best_ndcg_bits", Long.toString(Double.doubleToRawLongBits(state.bestNdcg())));
        metadata.put("history", ResultJson.write(state.history()));
        if (average != null) {
            metadata.put("averaged_points", Long.toString(average.points()));
        }
        List<TensorData> tensors = new ArrayList<>();
        float[][] best = state.bestWeights();
        for (Parameter parameter : parameters.all()) {
            int i = parameter.index();
            tensors.add(tensor("param.", parameter, parameter.value()));
            tensors.add(tensor("adam.first.", parameter, adam.first()[i]));
            tensors.add(tensor("adam.second.", parameter, adam.second()[i]));
            if (average != null) {
                tensors.add(tensor("average.", parameter, average.values()[i]));
            }
            if (best != null) {
                tensors.add(tensor("best.", parameter, best[i]));
            }
        }
        for (LazyRows lazy : adam.lazy()) {
            int[] updates = lazy.lastUpdate();
            tensors.add(new TensorData.Ints(lastUpdate(lazy), new int[] {updates.length}, updates));
        }
        Checkpoint.save(path, metadata, tensors);
    }

    private static String lastUpdate(LazyRows lazy) {
        return "adam.last_update." + lazy.table().name();
    }

    private static TensorData tensor(String prefix, Parameter parameter, float[] values) {
        return new TensorData.Floats(prefix + parameter.name(), parameter.shape(), values);
    }

    static TrainingState load(Path path, String fingerprint, long seed, int threads, Optimised optimised) {
        ParameterSet parameters = optimised.parameters();
        Adam adam = optimised.adam();
        WeightAverage average = optimised.average();
        TensorFile file = Checkpoint.load(path);
        requireSame(path, "data and configuration", file.metadata("fingerprint"), fingerprint);
        requireSame(path, "seed", file.metadata("seed"), Long.toString(seed));
        requireSame(path, "number of threads", file.metadata("threads"), Integer.toString(threads));
        int bestEpoch = (int) file.metadataNumber("best_epoch") - 1;
        float[] @Nullable [] best =
                bestEpoch < 0 ? null : new float[parameters.all().size()][];
        for (Parameter parameter : parameters.all()) {
            int i = parameter.index();
            copy(file, "param.", parameter, parameter.value());
            copy(file, "adam.first.", parameter, adam.first()[i]);
            copy(file, "adam.second.", parameter, adam.second()[i]);
            if (average != null) {
                copy(file, "average.", parameter, average.values()[i]);
            }
            if (best != null) {
                best[i] = file.floats("best." + parameter.name(), parameter.shape());
            }
        }
        for (LazyRows lazy : adam.lazy()) {
            int[] updates = lazy.lastUpdate();
            System.arraycopy(file.ints(lastUpdate(lazy), updates.length), 0, updates, 0, updates.length);
        }
        parameters.updated();
        adam.resume(file.metadataNumber("adam_step"));
        if (average != null) {
            average.resume(file.metadataNumber("averaged_points"));
        }
        return new TrainingState(
                (int) file.metadataNumber("epoch"),
                (int) file.metadataNumber("batch"),
                Double.longBitsToDouble(file.metadataNumber("loss_sum_bits")),
                file.metadataNumber("cases_done"),
                bestEpoch,
                Double.longBitsToDouble(file.metadataNumber("best_ndcg_bits")),
                best,
                history(path, file.metadata("history")));
    }

    private static List<EpochRecord> history(Path path, String json) {
        try {
            return ResultJson.read(json.getBytes(StandardCharsets.UTF_8), new TypeReference<List<EpochRecord>>() {});
        } catch (JacksonException damaged) {
            throw new UserFacingException(
                    path + ": its training history is damaged; start over without --resume", damaged);
        }
    }

    private static void copy(TensorFile file, String prefix, Parameter parameter, float[] to) {
        System.arraycopy(file.floats(prefix + parameter.name(), parameter.shape()), 0, to, 0, to.length);
    }

    private static void requireSame(Path path, String what, String saved, String now) {
        if (!saved.equals(now)) {
            throw new UserFacingException(path + ": was made with another " + what + " (" + saved + ", now " + now
                    + "); resume with the same settings, or start over without --resume");
        }
    }
}
