package io.github.ttt4rec.lab.parity;

import io.github.ttt4rec.baseline.Bert4Rec;
import io.github.ttt4rec.model.SequenceModel;

/** Reference files of BERT4Rec, in which the network reads histories that end in the mask token. */
final class Bert4RecReference implements ReferenceModel {
    @Override
    public String type() {
        return "bert4rec";
    }

    @Override
    public Bert4Rec.Config config(ReferenceConfig config) {
        return new Bert4Rec.Config(
                config.wholeNumber("n_layers"),
                config.wholeNumber("n_heads"),
                config.wholeNumber("hidden_size"),
                config.wholeNumber("inner_size"),
                config.number("hidden_dropout_prob"),
                config.number("attn_dropout_prob"),
                config.number("mask_ratio"),
                Bert4Rec.Config.defaults().lastRatio(),
                config.wholeNumber("max_len"));
    }

    @Override
    public void compare(Comparison comparison, SequenceModel model) {
        LastPosition.compare(comparison, model, "input.masked_item_seq");
    }
}
