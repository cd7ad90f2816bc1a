package io.github.ttt4rec.flink;

/**
 * The class that savepoints of earlier versions name, from before the serializers had a package of their own. Flink loads it by
 * that name to read them; new savepoints name {@link io.github.ttt4rec.flink.state.VersionedSerializer}.
 */
public final class VersionedSerializer {
    private VersionedSerializer() {}

    /**
     * An earlier savepoint's note of a serializer.
     *
     * @param <T> the type of the values in state
     */
    public static final class Snapshot<T> extends io.github.ttt4rec.flink.state.VersionedSerializer.Snapshot<T> {}
}
