package io.github.ttt4rec.io.internal;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The supported element types of safetensors files. */
enum TensorType {
    F64(8),
    F32(4),
    F16(2),
    BF16(2),
    I64(8),
    I32(4);

    private final int bytes;

    TensorType(int bytes) {
        this.bytes = bytes;
    }

    /** The number of bytes per value. */
    int bytes() {
        return bytes;
    }

    /** The type with the name {@code name} in a header. */
    static Optional<TensorType> of(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    /** All names, for messages. */
    static String known() {
        return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
    }
}
