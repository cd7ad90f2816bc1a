package io.github.ttt4rec.lab.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.io.internal.Safetensors;
import io.github.ttt4rec.lab.parity.ParityReport.TensorError;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParityTest {
    private static final double TOLERANCE = 1e-4;

    @TempDir
    Path directory;

    private static Path golden(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(ParityTest.class.getResource("/golden/" + name + ".safetensors"))
                .toURI());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ttt-linear-mamba",
                "ttt-linear-transformer",
                "ttt-linear-transformer-2layer",
                "ttt-linear-transformer-paper",
                "ttt-mlp-mamba",
                "ttt-mlp-transformer",
                "ttt-mlp-transformer-2layer",
                "ttt-mlp-transformer-paper"
            })
    void agreesWithTheReference(String name) throws URISyntaxException {
        ParityReport report = Parity.run(golden(name));
        assertThat(report.groups()).containsExactly("hidden", "logits", "loss", "gradient", "state");
        assertThat(report.errors())
                .allSatisfy(e -> assertThat(e.error()).as(e.name()).isLessThan(TOLERANCE));
        assertThat(report.worst()).isLessThan(TOLERANCE);

        TensorFile file = Safetensors.read(golden(name));
        List<String> expected = file.tensors().keySet().stream()
                .filter(tensor -> tensor.startsWith("grad.") || tensor.startsWith("state."))
                .toList();
        assertThat(report.errors()).extracting(TensorError::name).containsAll(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gru4rec", "narm"})
    void baselinesAgreeWithTheReference(String name) throws URISyntaxException {
        ParityReport report = Parity.run(golden(name));
        assertThat(report.groups()).containsExactly("hidden", "logits", "loss", "gradient");
        assertThat(report.errors())
                .allSatisfy(e -> assertThat(e.error()).as(e.name()).isLessThan(TOLERANCE));
        List<String> expected = Safetensors.read(golden(name)).tensors().keySet().stream()
                .filter(tensor -> tensor.startsWith("grad.") || tensor.startsWith("output."))
                .toList();
        assertThat(report.errors()).extracting(TensorError::name).containsExactlyInAnyOrderElementsOf(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "param.gru.weight_hh_l0",
                "param.a_1.weight",
                "param.v_t.weight",
                "grad.a_2.weight",
                "output.seq_output"
            })
    void parityFindsOneDamagedValueOfABaseline(String damaged) throws URISyntaxException {
        parityFindsOneDamagedValue("narm", damaged);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "param.ttt_layers.layers.0.seq_modeling_block.W1",
                "param.ttt_layers.layers.0.seq_modeling_block.learnable_token_idx",
                "param.ttt_layers.layers.0.seq_modeling_block.v_proj.weight",
                "param.ttt_layers.layers.0.mlp.down_proj.weight",
                "param.ttt_layers.norm.weight",
                "param.item_embedding.weight",
                "grad.ttt_layers.layers.0.seq_modeling_block.b1",
                "output.logits"
            })
    void parityFindsOneDamagedValue(String damaged) throws URISyntaxException {
        parityFindsOneDamagedValue("ttt-mlp-transformer", damaged);
    }

    private void parityFindsOneDamagedValue(String file, String damaged) throws URISyntaxException {
        TensorFile good = Safetensors.read(golden(file));
        List<TensorData> tensors = new ArrayList<>();
        for (TensorData tensor : good.tensors().values()) {
            if (tensor.name().equals(damaged) && tensor instanceof TensorData.Floats floats) {
                float[] values = floats.values().clone();
                values[values.length / 2] += 0.1f;
                tensors.add(new TensorData.Floats(floats.name(), floats.shape(), values));
            } else {
                tensors.add(tensor);
            }
        }
        ParityReport report = Parity.run(write(good.metadata(), tensors));
        assertThat(report.worst()).isGreaterThan(1e-3);
    }

    @Test
    void nanIsTheWorstError() throws URISyntaxException {
        TensorFile good = Safetensors.read(golden("ttt-linear-transformer"));
        List<TensorData> tensors = new ArrayList<>(good.tensors().values());
        tensors.replaceAll(tensor -> {
            if (tensor.name().equals("param.LayerNorm.bias") && tensor instanceof TensorData.Floats floats) {
                float[] values = floats.values().clone();
                values[0] = Float.NaN;
                return new TensorData.Floats(floats.name(), floats.shape(), values);
            }
            return tensor;
        });
        ParityReport report = Parity.run(write(good.metadata(), tensors));
        assertThat(report.worst()).isNaN();
        assertThat(report.worst("hidden").error()).isNaN();
        assertThat(report.worst("loss").error()).isNaN();
    }

    @Test
    void fileThatIsNoReferenceIsNamedInOneLine() throws URISyntaxException {
        TensorFile good = Safetensors.read(golden("ttt-linear-transformer"));
        List<TensorData> tensors = List.copyOf(good.tensors().values());
        assertRefused(write(Map.of(), tensors), "config");
        assertRefused(write(Map.of("config", "{no json"), tensors), "not JSON");
        assertRefused(write(Map.of("config", "{}"), tensors), "n_items_with_padding");
        assertRefused(write(with(good, "\"linear\"", "\"cubic\""), tensors), "layer");
        assertRefused(write(with(good, "\"transformer\"", "\"rnn\""), tensors), "backbone");
        assertRefused(write(with(good, "\"hidden_size\": 16", "\"hidden_size\": 18"), tensors), "hidden_size");
        assertRefused(write(with(good, "\"hidden_size\": 16", "\"hidden_size\": \"many\""), tensors), "hidden_size");
        assertRefused(write(with(good, "\"base_lr\": 1.0", "\"base_lr\": []"), tensors), "base_lr");
        assertRefused(write(with(good, "\"pre_conv\": false", "\"pre_conv\": 7"), tensors), "pre_conv");
        assertRefused(write(with(good, "padding\": 41", "padding\": -41"), tensors), "n_items_with_padding");
        assertRefused(write(with(good, "\"hidden_size\": 16", "\"hidden_size\": 32"), tensors), "shape");
        assertRefused(
                write(good.metadata(), tensors.subList(1, tensors.size())),
                tensors.getFirst().name());
        assertRefused(directory.resolve("absent.safetensors"), "absent");
    }

    @Test
    void baselinesFileWithAWrongConfigurationIsNamedInOneLine() throws URISyntaxException {
        TensorFile good = Safetensors.read(golden("narm"));
        List<TensorData> tensors = List.copyOf(good.tensors().values());
        assertRefused(write(with(good, "\"narm\"", "\"harm\""), tensors), "harm");
        assertRefused(write(with(good, "\"narm\"", "7"), tensors), "model");
        assertRefused(write(with(good, "\"narm\"", "\"gru4rec\""), tensors), "num_layers");
        assertRefused(write(with(good, "[0.0, 0.0]", "[0.0]"), tensors), "dropout_probs");
        assertRefused(write(with(good, "[0.0, 0.0]", "[0.0, 1.0]"), tensors), "code_dropout");
        assertRefused(write(with(good, "\"n_layers\": 1", "\"n_layers\": 2"), tensors), "weight_ih_l1");
    }

    private static Map<String, String> with(TensorFile file, String text, String replacement) {
        Map<String, String> metadata = new LinkedHashMap<>(file.metadata());
        String config = file.metadata("config");
        assertThat(config).contains(text);
        metadata.put("config", config.replace(text, replacement));
        return metadata;
    }

    private static void assertRefused(Path file, String word) {
        assertThatThrownBy(() -> Parity.run(file))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining(Objects.requireNonNull(file.getFileName()).toString())
                .hasMessageContaining(word)
                .hasMessageNotContaining("\n");
    }

    private Path write(Map<String, String> metadata, List<TensorData> tensors) {
        Path file = directory.resolve("file.safetensors");
        Safetensors.write(file, metadata, tensors);
        return file;
    }
}
