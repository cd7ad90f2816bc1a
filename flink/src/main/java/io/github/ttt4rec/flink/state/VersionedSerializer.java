package io.github.ttt4rec.flink.state;

import java.io.IOException;
import java.util.Objects;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Serializes immutable values in a versioned format; checkpoints and savepoints record the version. State of an older
 * version is read in its format and rewritten in the current one; a newer version is refused. To change a format, raise
 * the version that its constructor gives, let {@link #read} still read the previous version, and keep bytes of it for {@code UpgradeTest}.
 *
 * @param <T> the type of the values
 */
public abstract class VersionedSerializer<T> extends TypeSerializer<T> {
    private static final long serialVersionUID = 1L;

    private final int current;
    /** The version to read; other than the current one only in a serializer that was made from an old snapshot. */
    private int version;

    /** Creates a serializer whose class writes version {@code current}. */
    VersionedSerializer(int current) {
        this.current = current;
        version = current;
    }

    /** Writes a value in the current version. */
    abstract void write(T value, DataOutputView out) throws IOException;

    /** Reads a value of version {@code writtenIn}, from 1 to the current version. */
    abstract T read(int writtenIn, DataInputView in) throws IOException;

    @Override
    public final void serialize(T value, DataOutputView out) throws IOException {
        if (version != current) {
            throw new IllegalStateException(getClass().getSimpleName() + " of version " + version + " only reads");
        }
        write(value, out);
    }

    @Override
    public final T deserialize(DataInputView in) throws IOException {
        return read(version, in);
    }

    @Override
    public final T deserialize(T reuse, DataInputView in) throws IOException {
        return read(version, in);
    }

    @Override
    public final void copy(DataInputView in, DataOutputView out) throws IOException {
        serialize(deserialize(in), out);
    }

    @Override
    public final T copy(T from) {
        return from;
    }

    @Override
    public final T copy(T from, T reuse) {
        return from;
    }

    @Override
    public final boolean isImmutableType() {
        return true;
    }

    @Override
    public final TypeSerializer<T> duplicate() {
        return this;
    }

    /** Returns null: values are immutable, so Flink cannot reuse an instance. */
    @Override
    public final @Nullable T createInstance() {
        return null;
    }

    @Override
    public final int getLength() {
        return -1;
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof VersionedSerializer<?> that && getClass().isInstance(that) && that.version == version;
    }

    @Override
    public final int hashCode() {
        return Objects.hash(getClass(), version);
    }

    @Override
    public final TypeSerializerSnapshot<T> snapshotConfiguration() {
        return new Snapshot<>(this);
    }

    /**
     * Records the serializer's class and version in a checkpoint. When reading, the recorded package is ignored, so
     * that serializers can move; all of them are in this package.
     */
    public static class Snapshot<T> implements TypeSerializerSnapshot<T> {
        private static final int FORMAT = 1;

        private @Nullable VersionedSerializer<T> serializer;

        /** Called by Flink before it reads a snapshot. */
        public Snapshot() {}

        private Snapshot(VersionedSerializer<T> serializer) {
            this.serializer = serializer;
        }

        private VersionedSerializer<T> serializer() {
            return Objects.requireNonNull(serializer);
        }

        @Override
        public int getCurrentVersion() {
            return FORMAT;
        }

        @Override
        public void writeSnapshot(DataOutputView out) throws IOException {
            out.writeUTF(serializer().getClass().getName());
            out.writeInt(serializer().version);
        }

        @Override
        public void readSnapshot(int format, DataInputView in, ClassLoader loader) throws IOException {
            String name = in.readUTF();
            int version = in.readInt();
            String here = VersionedSerializer.class.getPackageName() + name.substring(name.lastIndexOf('.'));
            try {
                @SuppressWarnings("unchecked") // a class of that name wrote the snapshot
                VersionedSerializer<T> made = (VersionedSerializer<T>) Class.forName(here, true, loader)
                        .asSubclass(VersionedSerializer.class)
                        .getConstructor()
                        .newInstance();
                made.version = version;
                serializer = made;
            } catch (ReflectiveOperationException e) {
                throw new IOException("state written by " + name + ", which this program does not have", e);
            }
        }

        @Override
        public TypeSerializer<T> restoreSerializer() {
            return serializer();
        }

        @Override
        public TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(TypeSerializerSnapshot<T> old) {
            if (!(old instanceof Snapshot<T> before)
                    || before.serializer().getClass() != serializer().getClass()
                    || before.serializer().version > serializer().version) {
                return TypeSerializerSchemaCompatibility.incompatible();
            }
            return before.serializer().version == serializer().version
                    ? TypeSerializerSchemaCompatibility.compatibleAsIs()
                    : TypeSerializerSchemaCompatibility.compatibleAfterMigration();
        }
    }
}
