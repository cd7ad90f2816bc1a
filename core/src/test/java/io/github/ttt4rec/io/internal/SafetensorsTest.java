package io.github.ttt4rec.io.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.io.TensorData;
import io.github.ttt4rec.io.TensorFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    @TempDir
    Path directory;

    @Test
    void writtenValuesAreReadBack() {
        Random random = new Random(7);
        // More values than one chunk holds, for either width.
        float[] floats = new float[300_001];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) random.nextGaussian();
        }
        floats[3] = Float.NaN;
        floats[4] = Float.NEGATIVE_INFINITY;
        floats[5] = -0.0f;
        long[] longs = random.longs(150_000).toArray();
        Path file = directory.resolve("t.safetensors");
        Safetensors.write(
                file,
                Map.of("config", "{\"a\": \"ü\n\"}"),
                List.of(
                        new TensorData.Floats("weights.ä \"x\"", new int[] {1, 300_001}, floats),
                        new TensorData.Ints("ints", new int[] {2, 2}, new int[] {1, -2, Integer.MIN_VALUE, 7}),
                        new TensorData.Floats("scalar", new int[] {}, new float[] {2.5f}),
                        new TensorData.Floats("empty", new int[] {0, 5}, new float[0]),
                        new TensorData.Longs("steps", new int[] {150_000}, longs)));

        TensorFile read = Safetensors.read(file);

        assertThat(read.metadata()).containsExactly(Map.entry("config", "{\"a\": \"ü\n\"}"));
        assertThat(read.tensors().keySet())
                .as("8-byte values first, otherwise as given; an empty tensor stands at its offset")
                .startsWith("steps", "weights.ä \"x\"", "ints")
                .containsExactlyInAnyOrder("steps", "weights.ä \"x\"", "ints", "scalar", "empty");
        float[] back = read.floats("weights.ä \"x\"", 1, 300_001);
        for (int i = 0; i < floats.length; i++) {
            assertThat(Float.floatToRawIntBits(back[i])).isEqualTo(Float.floatToRawIntBits(floats[i]));
        }
        assertThat(read.ints("ints", 2, 2)).containsExactly(1, -2, Integer.MIN_VALUE, 7);
        assertThat(read.floats("scalar")).containsExactly(2.5f);
        assertThat(read.floats("empty", 0, 5)).isEmpty();
        assertThat(read.longs("steps", 150_000)).isEqualTo(longs);
    }

    @Test
    void bytesAreThoseOfTheFormat() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Safetensors.write(
                out, Map.of("k", "v"), List.of(new TensorData.Floats("a", new int[] {2}, new float[] {1f, -2f})));
        ByteBuffer bytes = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        int headerBytes = (int) bytes.getLong();
        byte[] header = new byte[headerBytes];
        bytes.get(header);
        assertThat(headerBytes % 8).isZero();
        assertThat(new String(header, StandardCharsets.UTF_8).stripTrailing())
                .isEqualTo("{\"__metadata__\":{\"k\":\"v\"},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}");
        assertThat(bytes.getFloat()).isEqualTo(1f);
        assertThat(bytes.getFloat()).isEqualTo(-2f);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void otherFloatTypesAreReadAsFloat() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        data.putDouble(0.1).putDouble(-3e300);
        data.putShort(Float.floatToFloat16(-1.5f)).putShort(Float.floatToFloat16(65504f));
        data.putShort((short) (Float.floatToRawIntBits(-1.5f) >>> 16)).putShort((short) 0x7f80);
        Path file = file("""
                 {"half":{"dtype":"F16","shape":[2],"data_offsets":[16,20]},
                  "double":{"dtype":"F64","shape":[2,1],"data_offsets":[0,16]},
                  "brain":{"dtype":"BF16","shape":[2],"data_offsets":[20,24]}}\
                 """, data.array());
        TensorFile read = Safetensors.read(file);
        assertThat(read.tensors().keySet()).containsExactly("double", "half", "brain");
        assertThat(read.floats("double", 2, 1)).containsExactly(0.1f, Float.NEGATIVE_INFINITY);
        assertThat(read.floats("half", 2)).containsExactly(-1.5f, 65504f);
        assertThat(read.floats("brain", 2)).containsExactly(-1.5f, Float.POSITIVE_INFINITY);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        []                                                                      | its header is not a JSON object
        {"a":3}                                                                 | tensor a lacks a dtype
        {"a":                                                                   | not valid JSON
        {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{}}           | Duplicate
        {"__metadata__":{"x":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} | entry "x" is no string
        {"__metadata__":[]}                                                     | is not a JSON object
        {"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}                   | tensor a has type U8, which is not read
        {"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}                  | shape [3] cannot take 8 bytes
        {"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}                 | tensor a has impossible shape
        {"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}                | tensor a has impossible shape
        {"a":{"dtype":"F32","shape":[9999999999],"data_offsets":[0,8]}}         | tensor a has impossible shape
        {"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}                 | tensor a has impossible data_offsets
        {"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}                  | should stand at bytes 8 to 0
        {"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}                 | should stand at bytes 0 to 16
        {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}                  | take 4 bytes, but the file has 8
        {"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}                  | tensor a starts at byte 4
        {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | starts at byte
        {"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647,4],"data_offsets":[0,8]}} | cannot take 8 bytes
        {"a":{"dtype":"F32","shape":[0,7],"data_offsets":[0,8]}}                | cannot take 8 bytes
        {"a":{"dtype":"I64","shape":[1],"data_offsets":[0,7]}}                  | cannot take 7 bytes
        {}                                                                      | take 0 bytes, but the file has 8
        """)
    void aWrongHeaderIsNamedInOneLine(String header, String message) throws IOException {
        Path file = file(header, new byte[8]);
        assertThatThrownBy(() -> Safetensors.read(file))
                .isInstanceOf(UserFacingException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message)
                .hasMessageNotContainingAny("\n");
    }

    @Test
    void headerLengthBeyondTheFileIsRefused() throws IOException {
        for (long length : new long[] {0, 1, 9, 1_000_000, Integer.MAX_VALUE, Long.MAX_VALUE, -1}) {
            Path file = directory.resolve("length");
            Files.write(
                    file,
                    ByteBuffer.allocate(16)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(length)
                            .put("{}      ".getBytes(StandardCharsets.UTF_8))
                            .array());
            assertThatThrownBy(() -> Safetensors.read(file))
                    .isInstanceOf(UserFacingException.class)
                    .hasMessageContaining("claims a header of " + Long.toUnsignedString(length) + " bytes");
        }
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] whole = smallFile();
        Path file = directory.resolve("cut");
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Safetensors.read(file))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(UserFacingException.class)
                    .hasMessageContaining("damaged");
        }
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertThatThrownBy(() -> Safetensors.read(file))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void anyDamageIsReadOrRefusedButNeverCrashes() throws IOException {
        byte[] whole = smallFile();
        int headerBytes =
                (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
        Path file = directory.resolve("bent");
        Random random = new Random(11);
        int refused = 0;
        for (int round = 0; round < 3_000; round++) {
            byte[] bent = whole.clone();
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                bent[random.nextInt(8 + headerBytes)] = (byte) random.nextInt(256);
            }
            Files.write(file, bent);
            try {
                assertThat(Safetensors.read(file).tensors()).isNotNull();
            } catch (UserFacingException expected) {
                assertThat(expected.getMessage()).startsWith(file.toString()).doesNotContain("\n");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1_000);
    }

    @Test
    void missingFilesAndDirectoriesAreNamed() {
        assertThatThrownBy(() -> Safetensors.read(directory.resolve("none")))
                .hasMessage(directory.resolve("none") + ": cannot read: no such file or directory");
        assertThatThrownBy(() -> Safetensors.read(directory))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("directory");
    }

    @Test
    void wrongRequestIsNamed() {
        Path file = directory.resolve("t");
        Safetensors.write(
                file,
                Map.of("epoch", "3", "bad", "x"),
                List.of(
                        new TensorData.Floats("a", new int[] {2}, new float[] {1, Float.NaN}),
                        new TensorData.Ints("b", new int[] {1}, new int[] {1})));
        TensorFile read = Safetensors.read(file);
        assertThat(read.metadataNumber("epoch")).isEqualTo(3);
        assertThatThrownBy(() -> read.metadataNumber("bad")).hasMessageContaining("\"bad\" is \"x\"");
        assertThatThrownBy(() -> read.metadata("none")).hasMessageContaining("no entry \"none\"");
        assertThatThrownBy(() -> read.floats("c", 2)).hasMessageContaining("has no tensor c");
        assertThatThrownBy(() -> read.floats("a", 1, 2)).hasMessageContaining("shape [2], expected [1, 2]");
        assertThatThrownBy(() -> read.floats("b", 1)).hasMessageContaining("b holds I32, expected floats");
        assertThatThrownBy(() -> read.longs("a", 2)).hasMessageContaining("a holds floats, expected I64");
        assertThatThrownBy(read::requireFinite).hasMessageContaining("tensor a holds NaN at index 1");
        assertThatThrownBy(() -> read.requireExactly(Map.of("a", new int[] {2})))
                .hasMessageContaining("has 1 tensor that the configuration does not have, the first is b");
        read.requireExactly(Map.of("a", new int[] {2}, "b", new int[] {1}));
    }

    @Test
    void namesGivenTwiceAreNotWritten() {
        TensorData tensor = new TensorData.Ints("a", new int[] {1}, new int[] {1});
        Path file = directory.resolve("t");
        assertThatThrownBy(() -> Safetensors.write(file, Map.of(), List.of(tensor, tensor)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("given twice");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void goldenFilesAreReadWhole() throws IOException {
        Path golden = Path.of(System.getProperty("ttt4rec.sharedData", "../../shared/data"))
                .resolveSibling("golden");
        assumeThat(golden).as("golden files").isDirectory();
        try (Stream<Path> files = Files.list(golden)) {
            for (Path file : files.filter(name -> name.toString().endsWith(".safetensors"))
                    .toList()) {
                TensorFile read = Safetensors.read(file);
                assertThat(read.metadata()).containsKey("config");
                assertThat(read.tensors()).isNotEmpty();
                read.requireFinite();
                Path copy = directory.resolve(file.getFileName());
                Safetensors.write(
                        copy, read.metadata(), List.copyOf(read.tensors().values()));
                assertThat(Safetensors.read(copy).tensors().keySet())
                        .containsExactlyElementsOf(read.tensors().keySet());
            }
        }
    }

    private byte[] smallFile() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Safetensors.write(
                out,
                Map.of("k", "v"),
                List.of(
                        new TensorData.Floats("a", new int[] {2, 1}, new float[] {1, 2}),
                        new TensorData.Longs("b", new int[] {1}, new long[] {3})));
        return out.toByteArray();
    }

    private Path file(String header, byte[] data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json).put(data);
        return Files.write(directory.resolve("file.safetensors"), bytes.array());
    }
}
