package io.github.ttt4rec.flink.state;

import io.github.ttt4rec.live.ModelStamp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;
import org.jspecify.annotations.Nullable;

/**
 * Helpers of the serializers. A string takes its length prefix and one byte per ASCII character; null takes one byte.
 */
public final class Wire {
    private Wire() {}

    static void putString(@Nullable String text, DataOutputView out) throws IOException {
        StringValue.writeString(text, out);
    }

    static @Nullable String getOptionalString(DataInputView in) throws IOException {
        return StringValue.readString(in);
    }

    static String getString(DataInputView in) throws IOException {
        String text = StringValue.readString(in);
        if (text == null) {
            throw new IOException("damaged: expected a string, found null");
        }
        return text;
    }

    static void putStrings(List<? extends @Nullable String> texts, DataOutputView out) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) {
            putString(text, out);
        }
    }

    static List<String> getStrings(DataInputView in) throws IOException {
        int count = in.readInt();
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(getString(in));
        }
        return texts;
    }

    static List<@Nullable String> getOptionalStrings(DataInputView in) throws IOException {
        int count = in.readInt();
        List<@Nullable String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(getOptionalString(in));
        }
        return texts;
    }

    static void putFloats(float[] values, DataOutputView out) throws IOException {
        out.writeInt(values.length);
        for (float value : values) {
            out.writeFloat(value);
        }
    }

    static float[] getFloats(DataInputView in) throws IOException {
        float[] values = new float[in.readInt()];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readFloat();
        }
        return values;
    }

    static void putLongs(long[] values, DataOutputView out) throws IOException {
        out.writeInt(values.length);
        for (long value : values) {
            out.writeLong(value);
        }
    }

    static long[] getLongs(DataInputView in) throws IOException {
        long[] values = new long[in.readInt()];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readLong();
        }
        return values;
    }

    static void putTypes(EventTypes types, DataOutputView out) throws IOException {
        putStrings(types.names(), out);
        out.writeInt(types.values().length);
        for (double value : types.values()) {
            out.writeDouble(value);
        }
    }

    static EventTypes getTypes(DataInputView in) throws IOException {
        List<String> names = getStrings(in);
        double[] values = new double[in.readInt()];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readDouble();
        }
        return new EventTypes(names, values);
    }

    static void putBytes(byte[] bytes, DataOutputView out) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static byte[] getBytes(DataInputView in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }

    static void putStamp(ModelStamp stamp, DataOutputView out) throws IOException {
        out.writeLong(stamp.weightsId());
        out.writeInt(stamp.items());
        out.writeBoolean(stamp.allKnown());
    }

    static ModelStamp getStamp(DataInputView in) throws IOException {
        return new ModelStamp(in.readLong(), in.readInt(), in.readBoolean());
    }
}
