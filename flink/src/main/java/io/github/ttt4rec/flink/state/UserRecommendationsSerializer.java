package io.github.ttt4rec.flink.state;

import io.github.ttt4rec.recommend.Recommendation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Serializes recommendations between machines. Version 1. */
public final class UserRecommendationsSerializer extends VersionedSerializer<UserRecommendations> {
    private static final long serialVersionUID = 1L;

    /** Writes version 1. */
    public UserRecommendationsSerializer() {
        super(1);
    }

    @Override
    void write(UserRecommendations value, DataOutputView out) throws IOException {
        Wire.putString(value.user(), out);
        Wire.putString(value.reason().name(), out);
        Wire.putString(value.id(), out);
        out.writeLong(value.events());
        out.writeBoolean(value.personal());
        Wire.putString(value.modelVersion(), out);
        out.writeInt(value.items().size());
        for (Recommendation item : value.items()) {
            Wire.putString(item.item(), out);
            out.writeFloat(item.score());
        }
    }

    @Override
    UserRecommendations read(int writtenIn, DataInputView in) throws IOException {
        return new UserRecommendations(
                Wire.getString(in),
                UserRecommendations.Reason.valueOf(Wire.getString(in)),
                Wire.getOptionalString(in),
                in.readLong(),
                in.readBoolean(),
                Wire.getString(in),
                items(in));
    }

    private static List<Recommendation> items(DataInputView in) throws IOException {
        int count = in.readInt();
        List<Recommendation> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(new Recommendation(Wire.getString(in), in.readFloat()));
        }
        return items;
    }
}
