package io.github.ttt4rec.data.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8ReaderTest {
    @Test
    void readsTextInAnyPieces() throws IOException {
        Random random = new Random(4);
        StringBuilder text = new StringBuilder();
        String[] pieces = {"a", "é", "日", "🎸", "\n"};
        while (text.length() < 200_000) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        Utf8Reader reader = new Utf8Reader(inPieces(bytes, random));
        assertThat(read(reader, random)).isEqualTo(text.toString());
        assertThat(reader.malformedBytes()).isZero();
    }

    @Test
    void everyBadByteComesOutAsItsSurrogateAndLosesNothing() throws IOException {
        Random random = new Random(5);
        byte[] bytes = new byte[150_000];
        random.nextBytes(bytes);
        Utf8Reader reader = new Utf8Reader(inPieces(bytes, random));
        String text = read(reader, random);
        assertThat(reader.malformedBytes()).isGreaterThan(10_000);
        // Encoding the valid characters and the bad bytes again gives exactly the original bytes.
        ByteArrayOutputStream back = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)) {
                back.writeBytes(text.substring(i, i + 2).getBytes(StandardCharsets.UTF_8));
                i++;
            } else if (Character.isLowSurrogate(c)) {
                back.write(c - 0xDC00);
            } else {
                back.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        assertThat(back.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void skipsAByteOrderMarkAtTheStartOnly() throws IOException {
        byte[] bytes = "\uFEFFa\uFEFFb".getBytes(StandardCharsets.UTF_8);
        assertThat(read(new Utf8Reader(new ByteArrayInputStream(bytes)), new Random(6)))
                .isEqualTo("a\uFEFFb");
    }

    private static String read(Utf8Reader reader, Random random) throws IOException {
        StringBuilder text = new StringBuilder();
        char[] buffer = new char[100];
        int got = 0;
        while (got >= 0) {
            text.append(buffer, 0, got);
            got = reader.read(buffer, 0, 1 + random.nextInt(buffer.length));
        }
        return text.toString();
    }

    private static InputStream inPieces(byte[] bytes, Random random) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int offset, int count) {
                return super.read(target, offset, Math.min(count, 1 + random.nextInt(7)));
            }
        };
    }
}
