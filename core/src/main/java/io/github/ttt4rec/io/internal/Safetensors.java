package io.github.ttt4rec.io.internal;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.internal.AtomicFiles;
import io.github.ttt4rec.internal.Failures;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The safetensors format (github.com/huggingface/safetensors): an 8-byte little-endian header length, a JSON header
 * that gives each tensor's type, shape and byte range, then the tensors, row-major little-endian, without gaps.
 *
 * <p>Reads F32, F64, F16 and BF16 (all as float), I32 and I64; writes F32, I32 and I64. The header is checked against
 * the file's size before memory is allocated.
 */
public final class Safetensors {
    private static final long MAX_HEADER_BYTES = 100_000_000;
    private static final int ALIGNMENT = 8;
    private static final int CHUNK_BYTES = 1 << 20;
    private static final String METADATA = "__metadata__";
    private static final ObjectMapper JSON =
            JsonMapper.builder(StrictJson.factory()).build();

    private Safetensors() {}

    /**
     * Reads a whole file.
     *
     * @throws UserFacingException naming the file and the tensor that is wrong
     */
    public static TensorFile read(Path path) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            if (Files.isDirectory(path)) {
                throw Failures.problem(path, "cannot read: it is a directory, not a safetensors file");
            }
            return read(channel, path);
        } catch (IOException failure) {
            throw Failures.problem(path, "cannot read: " + Failures.reason(failure), failure);
        }
    }

    /** Reads a whole file from the start of {@code channel}; {@code path} is used in messages. */
    static TensorFile read(FileChannel channel, Path path) throws IOException {
        long fileBytes = channel.size();
        if (fileBytes < Long.BYTES + 2) {
            throw damaged(path, "it has only " + fileBytes + " bytes");
        }
        long headerBytes = readFully(channel, 0, Long.BYTES, path).getLong();
        if (headerBytes < 2 || headerBytes > Math.min(MAX_HEADER_BYTES, fileBytes - Long.BYTES)) {
            throw damaged(
                    path,
                    "it claims a header of " + Long.toUnsignedString(headerBytes) + " bytes in a file of " + fileBytes);
        }
        JsonNode header =
                parse(readFully(channel, Long.BYTES, (int) headerBytes, path).array(), path);
        long dataStart = Long.BYTES + headerBytes;
        Map<String, String> metadata = metadata(header, path);
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        for (Entry entry : entries(header, fileBytes - dataStart, path)) {
            tensors.put(entry.name(), values(channel, dataStart + entry.begin(), entry, path));
        }
        return new TensorFile(path, metadata, Collections.unmodifiableMap(tensors));
    }

    /** Writes {@code path} atomically, as {@link AtomicFiles#write} does. */
    public static void write(Path path, Map<String, String> metadata, List<? extends TensorData> tensors) {
        AtomicFiles.write(path, out -> write(out, metadata, tensors));
    }

    /**
     * Streams a file to {@code out} and leaves it open. Tensors keep their order, except that those with 8-byte values
     * precede those with 4-byte values, so that every value is aligned in the file.
     *
     * @throws IllegalArgumentException if two tensors have the same name
     */
    public static void write(OutputStream out, Map<String, String> metadata, List<? extends TensorData> tensors)
            throws IOException {
        List<TensorData> ordered = new ArrayList<>(tensors);
        ordered.sort(Comparator.comparingInt(tensor -> -type(tensor).bytes()));
        out.write(header(metadata, ordered));
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (TensorData tensor : ordered) {
            int valuesInChunk = CHUNK_BYTES / type(tensor).bytes();
            for (int done = 0; done < tensor.size(); done += valuesInChunk) {
                int count = Math.min(valuesInChunk, tensor.size() - done);
                switch (tensor) {
                    case TensorData.Floats floats -> chunk.asFloatBuffer().put(floats.values(), done, count);
                    case TensorData.Ints ints -> chunk.asIntBuffer().put(ints.values(), done, count);
                    case TensorData.Longs longs -> chunk.asLongBuffer().put(longs.values(), done, count);
                }
                out.write(chunk.array(), 0, count * type(tensor).bytes());
            }
        }
    }

    private static byte[] header(Map<String, String> metadata, List<TensorData> tensors) {
        ObjectNode header = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode entries = header.putObject(METADATA);
            metadata.forEach(entries::put);
        }
        long offset = 0;
        for (TensorData tensor : tensors) {
            if (header.has(tensor.name())) {
                throw new IllegalArgumentException("tensor name given twice, or reserved: " + tensor.name());
            }
            ObjectNode entry = header.putObject(tensor.name());
            entry.put("dtype", type(tensor).name());
            ArrayNode shape = entry.putArray("shape");
            for (int length : tensor.shape()) {
                shape.add(length);
            }
            ArrayNode offsets = entry.putArray("data_offsets");
            offsets.add(offset);
            offset += (long) tensor.size() * type(tensor).bytes();
            offsets.add(offset);
        }
        byte[] json = JSON.writeValueAsBytes(header);
        int padded = Math.ceilDiv(json.length, ALIGNMENT) * ALIGNMENT;
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.fill(bytes.array(), (byte) ' ');
        bytes.putLong(padded).put(json);
        return bytes.array();
    }

    private static TensorType type(TensorData tensor) {
        return switch (tensor) {
            case TensorData.Floats floats -> TensorType.F32;
            case TensorData.Ints ints -> TensorType.I32;
            case TensorData.Longs longs -> TensorType.I64;
        };
    }

    /**
     * A header entry whose type, shape and range agree; {@code begin} is relative to the first byte after the header.
     */
    private record Entry(String name, TensorType type, int[] shape, int size, long begin, long end) {}

    private static JsonNode parse(byte[] header, Path path) {
        JsonNode node;
        try {
            node = JSON.readTree(header);
        } catch (JacksonException wrong) {
            throw Failures.problem(
                    path,
                    "damaged, or not a safetensors file: its header is not valid JSON (" + wrong.getOriginalMessage()
                            + ")",
                    wrong);
        }
        if (!node.isObject()) {
            throw damaged(path, "its header is not a JSON object");
        }
        return node;
    }

    private static Map<String, String> metadata(JsonNode header, Path path) {
        JsonNode node = header.get(METADATA);
        Map<String, String> metadata = new LinkedHashMap<>();
        if (node == null) {
            return metadata;
        }
        if (!node.isObject()) {
            throw damaged(path, "its " + METADATA + " is not a JSON object");
        }
        node.forEachEntry((key, value) -> {
            if (!value.isString()) {
                throw damaged(path, "its " + METADATA + " entry \"" + key + "\" is no string");
            }
            metadata.put(key, value.asString());
        });
        return Collections.unmodifiableMap(metadata);
    }

    private static List<Entry> entries(JsonNode header, long dataBytes, Path path) {
        List<Entry> entries = new ArrayList<>();
        header.forEachEntry((name, node) -> {
            if (!name.equals(METADATA)) {
                entries.add(entry(name, node, dataBytes, path));
            }
        });
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long end = 0;
        for (Entry entry : entries) {
            if (entry.begin() != end) {
                throw damaged(
                        path,
                        "tensor " + entry.name() + " starts at byte " + entry.begin()
                                + " of the data, but the one before" + " ends at " + end);
            }
            end = entry.end();
        }
        if (end != dataBytes) {
            throw damaged(path, "its tensors take " + end + " bytes, but the file has " + dataBytes + " for them");
        }
        return entries;
    }

    private static Entry entry(String name, JsonNode node, long dataBytes, Path path) {
        JsonNode typeNode = node.path("dtype");
        JsonNode shapeNode = node.path("shape");
        JsonNode offsets = node.path("data_offsets");
        if (!typeNode.isString() || !shapeNode.isArray() || !offsets.isArray() || offsets.size() != 2) {
            throw damaged(path, "tensor " + name + " lacks a dtype, shape or pair of data_offsets");
        }
        SequencedSet<String> wrong = new LinkedHashSet<>();
        shapeNode.forEach(length -> {
            if (!length.isIntegralNumber() || !length.canConvertToInt() || length.asInt() < 0) {
                wrong.add("shape");
            }
        });
        offsets.forEach(offset -> {
            if (!offset.isIntegralNumber() || !offset.canConvertToLong() || offset.asLong() < 0) {
                wrong.add("data_offsets");
            }
        });
        if (!wrong.isEmpty()) {
            throw damaged(path, "tensor " + name + " has impossible " + String.join(" and ", wrong));
        }
        TensorType type = TensorType.of(typeNode.asString())
                .orElseThrow(() -> Failures.problem(
                        path,
                        "tensor " + name + " has type " + typeNode.asString() + ", which is not read here (only "
                                + TensorType.known() + "): convert it"));
        int[] shape = new int[shapeNode.size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = shapeNode.get(i).asInt();
        }
        long begin = offsets.get(0).asLong();
        long end = offsets.get(1).asLong();
        if (end < begin || end > dataBytes) {
            throw damaged(
                    path,
                    "tensor " + name + " should stand at bytes " + begin + " to " + end + " of the data, which has "
                            + dataBytes + " bytes");
        }
        long values = (end - begin) / type.bytes();
        if (!hasSize(shape, values) || values * type.bytes() != end - begin) {
            throw damaged(
                    path,
                    "tensor " + name + " of type " + type + " and shape " + Arrays.toString(shape) + " cannot take "
                            + (end - begin) + " bytes");
        }
        if (values > Integer.MAX_VALUE - 8) {
            throw Failures.problem(path, "tensor " + name + " has " + values + " values, more than can be read here");
        }
        return new Entry(name, type, shape, (int) values, begin, end);
    }

    private static boolean hasSize(int[] shape, long size) {
        if (Arrays.stream(shape).anyMatch(length -> length == 0)) {
            return size == 0;
        }
        long product = 1;
        for (int length : shape) {
            if (product > size / length) {
                return false;
            }
            product *= length;
        }
        return product == size;
    }

    private static TensorData values(FileChannel channel, long position, Entry entry, Path path) throws IOException {
        int size = entry.size();
        return switch (entry.type()) {
            case F64, F32, F16, BF16 ->
                new TensorData.Floats(entry.name(), entry.shape(), floats(channel, position, entry, path));
            case I32 -> {
                int[] values = new int[size];
                chunks(
                        channel,
                        position,
                        entry,
                        path,
                        (bytes, start, count) -> bytes.asIntBuffer().get(values, start, count));
                yield new TensorData.Ints(entry.name(), entry.shape(), values);
            }
            case I64 -> {
                long[] values = new long[size];
                chunks(
                        channel,
                        position,
                        entry,
                        path,
                        (bytes, start, count) -> bytes.asLongBuffer().get(values, start, count));
                yield new TensorData.Longs(entry.name(), entry.shape(), values);
            }
        };
    }

    private static float[] floats(FileChannel channel, long position, Entry entry, Path path) throws IOException {
        float[] values = new float[entry.size()];
        ChunkReader reader = switch (entry.type()) {
            case F32 -> (bytes, start, count) -> bytes.asFloatBuffer().get(values, start, count);
            case F64 ->
                (bytes, start, count) -> {
                    for (int i = 0; i < count; i++) {
                        values[start + i] = (float) bytes.getDouble(i * Double.BYTES);
                    }
                };
            case F16 ->
                (bytes, start, count) -> {
                    for (int i = 0; i < count; i++) {
                        values[start + i] = Float.float16ToFloat(bytes.getShort(i * Short.BYTES));
                    }
                };
            case BF16 ->
                (bytes, start, count) -> {
                    for (int i = 0; i < count; i++) {
                        values[start + i] = Float.intBitsToFloat(bytes.getShort(i * Short.BYTES) << 16);
                    }
                };
            case I32, I64 -> throw new IllegalArgumentException("not a float type: " + entry.type());
        };
        chunks(channel, position, entry, path, reader);
        return values;
    }

    /** Reads values {@code start .. start + count - 1} of a tensor from {@code bytes}. */
    @FunctionalInterface
    private interface ChunkReader {
        void take(ByteBuffer bytes, int start, int count);
    }

    // Read, not memory-mapped: if a mapped file shrinks, the process is killed instead of getting an error.
    private static void chunks(FileChannel channel, long position, Entry entry, Path path, ChunkReader reader)
            throws IOException {
        int valuesInChunk = CHUNK_BYTES / entry.type().bytes();
        for (int start = 0; start < entry.size(); start += valuesInChunk) {
            int count = Math.min(valuesInChunk, entry.size() - start);
            long offset = position + (long) start * entry.type().bytes();
            reader.take(readFully(channel, offset, count * entry.type().bytes(), path), start, count);
        }
    }

    private static ByteBuffer readFully(FileChannel channel, long position, int bytes, Path path) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw damaged(path, "it ended while it was being read");
            }
        }
        return buffer.flip();
    }

    private static UserFacingException damaged(Path path, String what) {
        return Failures.problem(path, "damaged, or not a safetensors file: " + what);
    }
}
