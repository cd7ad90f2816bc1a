package io.github.ttt4rec.parity;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.autograd.CatalogueCrossEntropy;
import io.github.ttt4rec.autograd.Parameter;
import io.github.ttt4rec.autograd.Segments;
import io.github.ttt4rec.autograd.Tape;
import io.github.ttt4rec.autograd.Tensor;
import io.github.ttt4rec.io.Safetensors;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.model.SequenceBatch;
import io.github.ttt4rec.model.TttConfig;
import io.github.ttt4rec.model.TttModel;
import io.github.ttt4rec.parity.ParityReport.TensorError;
import io.github.ttt4rec.ttt.FastWeights;
import io.github.ttt4rec.ttt.InnerModelType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs a model with the configuration, parameters and inputs of a reference file and compares hidden vectors, logits,
 * loss, every gradient and the fast weights with what the file holds.
 */
public final class Parity {
    private static final Pattern STATE =
            Pattern.compile("state\\.layer(\\d+)\\.(\\w+)_states\\.after(\\d+)\\.row(\\d+)");
    private static final List<String> PARTS = List.of("W1", "b1", "W2", "b2");

    private final TensorFile reference;
    private final List<TensorError> errors = new ArrayList<>();

    private Parity(TensorFile reference) {
        this.reference = reference;
    }

    /** Compares one file. Throws {@link UserFacingException} where it is no reference file. */
    public static ParityReport run(Path file) {
        Parity parity = new Parity(Safetensors.read(file));
        parity.compare();
        return new ParityReport(file, List.copyOf(parity.errors));
    }

    private void compare() {
        JsonNode config = config();
        TttModel model = model(config);
        for (Parameter parameter : model.parameters().all()) {
            float[] values = reference.floats("param." + parameter.name(), parameter.shape());
            System.arraycopy(values, 0, parameter.value(), 0, values.length);
        }
        model.parameters().updated();
        compareBatch(model);
        compareStates(model);
    }

    private JsonNode config() {
        String text = reference.metadata("config");
        try {
            return JsonMapper.shared().readTree(text);
        } catch (JacksonException wrong) {
            throw new UserFacingException(reference.path() + ": metadata entry \"config\" is not JSON", wrong);
        }
    }

    private JsonNode require(JsonNode config, String key) {
        JsonNode value = config.get(key);
        if (value == null) {
            throw new UserFacingException(
                    reference.path() + ": config has no \"" + key + "\"; parity reads files of TTT4Rec models");
        }
        return value;
    }

    private TttModel model(JsonNode c) {
        try {
            int items = wholeNumber(c, "n_items_with_padding") - 1;
            if (items < 1) {
                throw new IllegalArgumentException("\"n_items_with_padding\" must be at least 2");
            }
            TttConfig config = new TttConfig(
                    choice(InnerModelType.class, c, "layer"),
                    choice(TttConfig.Backbone.class, c, "backbone"),
                    flag(c, "pre_conv"),
                    wholeNumber(c, "num_layers"),
                    wholeNumber(c, "hidden_size"),
                    wholeNumber(c, "num_heads"),
                    wholeNumber(c, "intermediate_size"),
                    wholeNumber(c, "mini_batch_size"),
                    number(c, "base_lr"),
                    number(c, "rope_theta"),
                    wholeNumber(c, "conv_kernel"),
                    number(c, "dropout"),
                    true);
            return new TttModel(config, items);
        } catch (IllegalArgumentException wrong) {
            throw new UserFacingException(reference.path() + ": config: " + wrong.getMessage(), wrong);
        }
    }

    private <E extends Enum<E>> E choice(Class<E> type, JsonNode config, String key) {
        String text = require(config, key).asString();
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("\"" + key + "\" is \"" + text + "\", which this version does not know");
    }

    private boolean flag(JsonNode config, String key) {
        JsonNode value = require(config, key);
        if (!value.isBoolean()) {
            throw new IllegalArgumentException("\"" + key + "\" is " + value + ", not true or false");
        }
        return value.booleanValue();
    }

    private int wholeNumber(JsonNode config, String key) {
        JsonNode value = require(config, key);
        if (!value.canConvertToInt() || !value.isIntegralNumber()) {
            throw new IllegalArgumentException("\"" + key + "\" is " + value + ", not a whole number");
        }
        return value.intValue();
    }

    private double number(JsonNode config, String key) {
        JsonNode value = require(config, key);
        if (!value.isNumber()) {
            throw new IllegalArgumentException("\"" + key + "\" is " + value + ", not a number");
        }
        return value.doubleValue();
    }

    private void compareBatch(TttModel model) {
        int[] shape = reference.shape("input.item_seq");
        int sequences = shape[0];
        int width = shape[1];
        int[] lengths = reference.ints("input.lengths", sequences);
        int[] padded = reference.ints("input.item_seq", sequences, width);
        int[] paddedTargets = reference.ints("input.targets", sequences, width);
        int[] offsets = new int[sequences + 1];
        for (int s = 0; s < sequences; s++) {
            offsets[s + 1] = offsets[s] + lengths[s];
        }
        Segments segments = new Segments(offsets);
        int rows = segments.rows();
        int[] items = new int[rows];
        int[] targets = new int[rows];
        int d = model.hiddenSize();
        float[] paddedHidden = reference.floats("output.hidden", sequences, width, d);
        float[] hidden = new float[rows * d];
        for (int s = 0; s < sequences; s++) {
            System.arraycopy(padded, s * width, items, offsets[s], lengths[s]);
            System.arraycopy(paddedTargets, s * width, targets, offsets[s], lengths[s]);
            System.arraycopy(paddedHidden, s * width * d, hidden, offsets[s] * d, lengths[s] * d);
        }
        Tape tape = Tape.recording(model.parameters());
        Tensor encoded = model.encode(tape, SequenceBatch.of(items, segments));
        add("hidden", "output.hidden", hidden, encoded.data());

        int columns = model.itemCount() + 1;
        float[] logits = new float[rows * columns];
        model.outputTable().packed().multiply(rows, encoded.data(), 0, logits, 0, columns, false);
        add("logits", "output.logits", reference.floats("output.logits", rows, columns), logits);

        double loss = CatalogueCrossEntropy.apply(tape, encoded, targets, model.outputTable(), 1f);
        add("loss", "output.loss_sum", reference.floats("output.loss_sum", 1), new float[] {(float) loss});

        tape.backward();
        for (Parameter parameter : model.parameters().all()) {
            String name = "grad." + parameter.name();
            add("gradient", name, reference.floats(name, parameter.shape()), tape.gradient(parameter));
        }
    }

    private void compareStates(TttModel model) {
        int[] shape = reference.shape("input.item_seq");
        int[] padded = reference.ints("input.item_seq", shape);
        for (String name : reference.tensors().keySet()) {
            Matcher state = STATE.matcher(name);
            if (!state.matches()) {
                continue;
            }
            int layer = Integer.parseInt(state.group(1));
            int part = PARTS.indexOf(state.group(2));
            int events = Integer.parseInt(state.group(3));
            int row = Integer.parseInt(state.group(4));
            int[] items = IntStream.range(0, events)
                    .map(t -> padded[row * shape[1] + t])
                    .toArray();
            TttModel.State streamed = model.newState();
            model.append(Tape.forward(), streamed, items);
            FastWeights weights = streamed.fastWeights(layer);
            add(
                    "state",
                    name,
                    reference.floats(name, reference.shape(name)),
                    weights.parts().get(part));
        }
    }

    private void add(String group, String name, float[] expected, float[] actual) {
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs((double) expected[i] - actual[i]));
        }
        errors.add(new TensorError(group, name, largest == 0 ? difference : difference / largest));
    }
}
