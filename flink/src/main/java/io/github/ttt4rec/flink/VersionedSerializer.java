package io.github.ttt4rec.flink;

/**
 * Exists so that Flink can read savepoints of earlier versions, which name this class; the serializers had no package
 * of their own then. New savepoints name {@link io.github.ttt4rec.flink.state.VersionedSerializer}.
 */
public final class VersionedSerializer {
    private VersionedSerializer() {}

    /**
     * The serializer snapshot in savepoints of earlier versions.
     *
     * @param <T> the type of the values in state
     */
    public static final class Snapshot<T> extends io.github.ttt4rec.flink.state.VersionedSerializer.Snapshot<T> {}
}
