package io.github.ttt4rec.api;

import io.github.ttt4rec.internal.Sha256;
import io.github.ttt4rec.io.TensorData;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;

/** A short identifier of a model's function: a hash of its type, settings, catalogue and weights. */
final class ModelVersion {
    private static final int BYTES = 6;
    private static final int BUFFER = 1 << 16;

    private ModelVersion() {}

    /** The first 12 hexadecimal digits of a SHA-256. */
    static String of(TrainedModel model) {
        MessageDigest digest = Sha256.newDigest();
        add(
                digest,
                Objects.requireNonNull(RunConfigs.toMap(model.config()).get("model"))
                        .toString());
        add(digest, "max_len " + model.config().train().maxLen());
        for (String name : model.items().names()) {
            add(digest, name);
        }
        for (TensorData tensor : model.tensors()) {
            add(digest, tensor.name());
            switch (tensor) {
                case TensorData.Floats floats -> add(digest, floats.values());
                case TensorData.Ints ints -> add(digest, ints.values());
                case TensorData.Longs longs -> add(digest, longs.values());
            }
        }
        return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
    }

    /**
     * Adds the length of a text and the text, so that different sequences of texts never hash alike by concatenation.
     */
    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        digest.update(bytes);
    }

    /** Copies {@code count} values, from index {@code from}, to the start of the buffer. */
    private interface Copy {
        void to(ByteBuffer buffer, int from, int count);
    }

    private static void add(MessageDigest digest, int length, int width, Copy copy) {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
        int atOnce = BUFFER / width;
        for (int from = 0; from < length; from += atOnce) {
            int count = Math.min(atOnce, length - from);
            copy.to(buffer, from, count);
            digest.update(buffer.array(), 0, count * width);
        }
    }

    private static void add(MessageDigest digest, float[] values) {
        add(
                digest,
                values.length,
                Float.BYTES,
                (buffer, from, count) -> buffer.asFloatBuffer().put(values, from, count));
    }

    private static void add(MessageDigest digest, int[] values) {
        add(
                digest,
                values.length,
                Integer.BYTES,
                (buffer, from, count) -> buffer.asIntBuffer().put(values, from, count));
    }

    private static void add(MessageDigest digest, long[] values) {
        add(
                digest,
                values.length,
                Long.BYTES,
                (buffer, from, count) -> buffer.asLongBuffer().put(values, from, count));
    }
}
