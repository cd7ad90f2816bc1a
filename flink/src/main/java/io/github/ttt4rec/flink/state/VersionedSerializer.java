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
 * Writes immutable values in a format with a version, which checkpoints and savepoints note. State written in an older version
 * is read as such and written anew; a newer one is refused. To change a format: raise {@link #current}, have {@link #read} read
 * what was before as well, and keep bytes of it for {@code UpgradeTest}.
 *
 * @param <T> what is written
 */
public abstract class VersionedSerializer<T> extends TypeSerializer<T> {
    private static final long serialVersionUID = 1L;

    private final int version;

    /** Reads what was written in {@code version}; writes only where that is the current one. */
    VersionedSerializer(int version) {
        this.version = version;
    }

    /** The version that is written. */
    abstract int current();

    /** The same for values of another version. */
    abstract VersionedSerializer<T> of(int otherVersion);

    /** Writes in the current version. */
    abstract void write(T value, DataOutputView out) throws IOException;

    /** Reads what was written in {@code writtenIn}, from 1 to the current version. */
    abstract T read(int writtenIn, DataInputView in) throws IOException;

    @Override
    public final void serialize(T value, DataOutputView out) throws IOException {
        if (version != current()) {
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

    /** None: values are immutable, so that there is none to be filled. */
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
     * The serializer's class and version, as a checkpoint notes them. The package is not read, so that serializers could move: all
     * of them are in this one.
     */
    public static class Snapshot<T> implements TypeSerializerSnapshot<T> {
        private static final int FORMAT = 1;

        private @Nullable VersionedSerializer<T> serializer;

        /** For Flink, which then reads. */
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
                @SuppressWarnings("unchecked") // a class by that name wrote it
                VersionedSerializer<T> made = (VersionedSerializer<T>) Class.forName(here, true, loader)
                        .asSubclass(VersionedSerializer.class)
                        .getConstructor()
                        .newInstance();
                serializer = made.of(version);
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
