package io.github.ttt4rec.flink.state;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Serializes models, between machines and in broadcast state. Version 1. */
public final class ModelPackageSerializer extends VersionedSerializer<ModelPackage> {
    private static final long serialVersionUID = 1L;

    /** Writes version 1. */
    public ModelPackageSerializer() {
        super(1);
    }

    @Override
    void write(ModelPackage value, DataOutputView out) throws IOException {
        Wire.putString(value.version(), out);
        Wire.putBytes(value.files(), out);
    }

    @Override
    ModelPackage read(int writtenIn, DataInputView in) throws IOException {
        return new ModelPackage(Wire.getString(in), Wire.getBytes(in));
    }
}
