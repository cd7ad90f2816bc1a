package io.github.ttt4rec.ttt;

/** The model whose weights are the hidden state. */
public enum InnerModelType {
    /** {@code F(u) = u·W1 + b1}. */
    LINEAR,
    /** {@code F(u) = gelu(u·W1 + b1)·W2 + b2} with an inner width four times the head size. */
    MLP
}
