package io.github.ttt4rec.flink.state;

import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.jspecify.annotations.Nullable;

/**
 * The type information of values that a {@link VersionedSerializer} serializes.
 *
 * @param <T> the type
 */
public final class VersionedType<T> extends TypeInformation<T> {
    public static final TypeInformation<Row> ROW = new VersionedType<>(Row.class, new RowSerializer());
    public static final TypeInformation<Input> INPUT = new VersionedType<>(Input.class, new InputSerializer());
    public static final TypeInformation<UserRecommendations> ANSWER =
            new VersionedType<>(UserRecommendations.class, new UserRecommendationsSerializer());
    public static final TypeInformation<ModelPackage> MODEL =
            new VersionedType<>(ModelPackage.class, new ModelPackageSerializer());

    private static final long serialVersionUID = 1L;

    private final Class<T> type;
    private final VersionedSerializer<T> serializer;

    private VersionedType(Class<T> type, VersionedSerializer<T> serializer) {
        this.type = type;
        this.serializer = serializer;
    }

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public Class<T> getTypeClass() {
        return type;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public TypeSerializer<T> createSerializer(SerializerConfig config) {
        return serializer;
    }

    @Override
    public String toString() {
        return type.getSimpleName();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VersionedType<?> that && that.serializer.equals(serializer);
    }

    @Override
    public int hashCode() {
        return serializer.hashCode();
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof VersionedType;
    }
}
