package io.github.ttt4rec.lab.parity;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.io.TensorFile;
import io.github.ttt4rec.io.internal.Safetensors;
import io.github.ttt4rec.model.SequenceModel;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs a model with the configuration, parameters and inputs of a reference file and compares hidden vectors, logits,
 * loss, every gradient and, for TTT4Rec, the fast weights with those in the file.
 */
public final class Parity {
    private static final List<ReferenceModel> MODELS = List.of(
            new TttReference(),
            new Gru4RecReference(),
            new NarmReference(),
            new SasRecReference(),
            new Bert4RecReference(),
            new Mamba4RecReference());

    private Parity() {}

    /**
     * Compares one file.
     *
     * @throws UserFacingException if it is not a reference file
     */
    public static ParityReport run(Path file) {
        TensorFile reference = Safetensors.read(file);
        ReferenceConfig config = config(reference);
        ReferenceModel kind;
        SequenceModel model;
        try {
            kind = kind(config);
            model = model(kind, config);
        } catch (IllegalArgumentException wrong) {
            throw new UserFacingException(file + ": config: " + wrong.getMessage(), wrong);
        }
        Comparison comparison = new Comparison(reference);
        comparison.load(model.parameters());
        kind.compare(comparison, model);
        return new ParityReport(file, comparison.errors());
    }

    private static ReferenceConfig config(TensorFile reference) {
        String text = reference.metadata("config");
        try {
            return new ReferenceConfig(reference.path(), JsonMapper.shared().readTree(text));
        } catch (JacksonException wrong) {
            throw new UserFacingException(reference.path() + ": metadata entry \"config\" is not JSON", wrong);
        }
    }

    /** The model of a file. Files of TTT4Rec name no model. */
    private static ReferenceModel kind(ReferenceConfig config) {
        String type = config.text("model", "ttt4rec");
        return MODELS.stream()
                .filter(model -> model.type().equals(type))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"model\" is \"" + type + "\", which is none of "
                        + MODELS.stream().map(ReferenceModel::type).collect(Collectors.joining(", "))));
    }

    private static SequenceModel model(ReferenceModel kind, ReferenceConfig config) {
        int items = config.wholeNumber("n_items_with_padding") - 1;
        if (items < 1) {
            throw new IllegalArgumentException("\"n_items_with_padding\" must be at least 2");
        }
        return kind.config(config).create(items);
    }
}
