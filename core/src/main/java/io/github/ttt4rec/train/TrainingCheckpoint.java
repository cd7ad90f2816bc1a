package io.github.ttt4rec.train;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.ParameterSet;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.io.internal.Checkpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Writes and reads everything that decides how a run goes on, to the bit. */
final class TrainingCheckpoint {
    private static final JsonMapper JSON = JsonMapper.shared();

    private TrainingCheckpoint() {}

    static void save(
            Path path,
            String fingerprint,
            long seed,
            int threads,
            ParameterSet parameters,
            Adam adam,
            TrainingState state) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("fingerprint", fingerprint);
        metadata.put("seed", Long.toString(seed));
        metadata.put("threads", Integer.toString(threads));
        metadata.put("epoch", Integer.toString(state.epoch()));
        metadata.put("batch", Integer.toString(state.batch()));
        metadata.put("lossSumBits", Long.toString(Double.doubleToRawLongBits(state.lossSum())));
        metadata.put("casesDone", Long.toString(state.casesDone()));
        metadata.put("adamStep", Long.toString(adam.step()));
        metadata.put("bestEpoch", Integer.toString(state.bestEpoch()));
        metadata.put("bestNdcgBits", Long.toString(Double.doubleToRawLongBits(state.bestNdcg())));
        metadata.put("history", JSON.writeValueAsString(state.history()));
        List<TensorData> tensors = new ArrayList<>();
        float[][] best = state.bestWeights();
        for (Parameter parameter : parameters.all()) {
            int i = parameter.index();
            tensors.add(tensor("param.", parameter, parameter.value()));
            tensors.add(tensor("adam.first.", parameter, adam.first()[i]));
            tensors.add(tensor("adam.second.", parameter, adam.second()[i]));
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

    static TrainingState load(
            Path path, String fingerprint, long seed, int threads, ParameterSet parameters, Adam adam) {
        TensorFile file = Checkpoint.load(path);
        requireSame(path, "data and configuration", file.metadata("fingerprint"), fingerprint);
        requireSame(path, "seed", file.metadata("seed"), Long.toString(seed));
        requireSame(path, "number of threads", file.metadata("threads"), Integer.toString(threads));
        int bestEpoch = (int) file.metadataNumber("bestEpoch") - 1;
        float[] @Nullable [] best =
                bestEpoch < 0 ? null : new float[parameters.all().size()][];
        for (Parameter parameter : parameters.all()) {
            int i = parameter.index();
            copy(file, "param.", parameter, parameter.value());
            copy(file, "adam.first.", parameter, adam.first()[i]);
            copy(file, "adam.second.", parameter, adam.second()[i]);
            if (best != null) {
                best[i] = file.floats("best." + parameter.name(), parameter.shape());
            }
        }
        for (LazyRows lazy : adam.lazy()) {
            int[] updates = lazy.lastUpdate();
            System.arraycopy(file.ints(lastUpdate(lazy), updates.length), 0, updates, 0, updates.length);
        }
        parameters.updated();
        adam.resume(file.metadataNumber("adamStep"));
        return new TrainingState(
                (int) file.metadataNumber("epoch"),
                (int) file.metadataNumber("batch"),
                Double.longBitsToDouble(file.metadataNumber("lossSumBits")),
                file.metadataNumber("casesDone"),
                bestEpoch,
                Double.longBitsToDouble(file.metadataNumber("bestNdcgBits")),
                best,
                history(path, file.metadata("history")));
    }

    private static List<EpochRecord> history(Path path, String json) {
        try {
            return List.of(JSON.readValue(json, EpochRecord[].class));
        } catch (JacksonException damaged) {
            throw new UserFacingException(
                    path + ": its training history is damaged; start anew without --resume", damaged);
        }
    }

    private static void copy(TensorFile file, String prefix, Parameter parameter, float[] to) {
        System.arraycopy(file.floats(prefix + parameter.name(), parameter.shape()), 0, to, 0, to.length);
    }

    private static void requireSame(Path path, String what, String saved, String now) {
        if (!saved.equals(now)) {
            throw new UserFacingException(path + ": was made with another " + what + " (" + saved + ", now " + now
                    + "); resume with the same, or start anew without --resume");
        }
    }
}
