package io.github.ttt4rec.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.read.Datasets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Logs in several files, compressed, or in other character sets. */
class SourcesTest {
    private static final String HEADER = "user,item,timestamp\n";
    private static final String ROWS = "é,x,1300000001\na,y,1300000000\n";
    private static final ReadOptions READ = ReadOptions.defaults();

    @TempDir
    private Path directory;

    @FunctionalInterface
    private interface Packing {
        OutputStream open(OutputStream out) throws IOException;
    }

    private Dataset read(Path file, ReadOptions options) {
        return Datasets.read(file, options, PrepareOptions.keepAll());
    }

    private static byte[] packed(Packing packing) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = packing.open(bytes)) {
            out.write((HEADER + ROWS).getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void everyCompressionGivesTheSameEvents() throws IOException {
        List<Event> expected = Event.of(read(Files.writeString(directory.resolve("plain"), HEADER + ROWS), READ));
        List<Packing> packings = List.of(
                ZstdOutputStream::new,
                BZip2CompressorOutputStream::new,
                LZ4FrameOutputStream::new,
                out -> new XZOutputStream(out, new LZMA2Options()),
                out -> {
                    ZipOutputStream zip = new ZipOutputStream(out);
                    zip.putNextEntry(new ZipEntry("log.csv"));
                    return zip;
                });
        for (Packing packing : packings) {
            Path file = Files.write(directory.resolve("packed"), packed(packing));
            assertThat(Event.of(read(file, READ))).isEqualTo(expected);
        }
    }

    @Test
    void zipArchiveOfSeveralFilesIsRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : List.of("a.csv", "b.csv")) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write((HEADER + ROWS).getBytes(StandardCharsets.UTF_8));
            }
        }
        Path file = Files.write(directory.resolve("two.zip"), bytes.toByteArray());
        assertThatThrownBy(() -> read(file, READ))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContainingAll("a.csv", "b.csv", "unpack it");
    }

    @Test
    void partFilesAndPatternsAreOneLog() throws IOException {
        Path parts = Files.createDirectories(directory.resolve("log"));
        Files.writeString(parts.resolve("_SUCCESS"), "");
        Files.writeString(parts.resolve("part-1.csv"), HEADER + "a,x,1300000002\n");
        Files.writeString(parts.resolve("part-2.csv"), HEADER + "a,y,1300000001.5\n");
        List<Event> expected =
                List.of(new Event("a", "y", 1_300_000_001_500_000L), new Event("a", "x", 1_300_000_002_000_000L));
        assertThat(Event.of(read(parts, READ))).isEqualTo(expected);
        assertThat(Event.of(read(parts.resolve("part-*.csv"), READ))).isEqualTo(expected);
        assertThatThrownBy(() -> read(parts.resolve("day-*.csv"), READ))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("no file matches");
    }

    @Test
    void emptyPartFilesArePassedOver() throws IOException {
        Path parts = Files.createDirectories(directory.resolve("spark"));
        Files.writeString(parts.resolve("part-0.csv"), "");
        Files.writeString(parts.resolve("part-1.csv"), HEADER + "a,x,1300000002\n");
        assertThat(Event.of(read(parts, READ))).hasSize(1);
        Path none = Files.createDirectories(directory.resolve("none"));
        Files.writeString(none.resolve("part-0.csv"), "");
        assertThatThrownBy(() -> read(none, READ)).hasMessageContaining("without data files");
        assertThatThrownBy(() -> read(none.resolve("part-0.csv"), READ)).hasMessageContaining("is empty");
    }

    @Test
    void fileNamedTwiceIsRefusedAndACopyNamed() throws IOException {
        Path parts = Files.createDirectories(directory.resolve("twice"));
        Path one = Files.writeString(parts.resolve("one.csv"), HEADER + "a,x,1300000002\n");
        Files.writeString(parts.resolve("copy.csv"), HEADER + "a,x,1300000002\n");
        assertThatThrownBy(() -> Datasets.load(List.of(one, parts), READ, PrepareOptions.keepAll()))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("one.csv is named twice");
        assertThat(Datasets.load(parts, READ, PrepareOptions.keepAll()).report().notices())
                .singleElement()
                .asString()
                .contains("one.csv has the same content as a file before it");
    }

    @Test
    void otherCharacterSetsAreReadOrNamed() throws IOException {
        Path latin = Files.write(directory.resolve("latin"), (HEADER + ROWS).getBytes(Charset.forName("windows-1252")));
        assertThatThrownBy(() -> read(latin, READ))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("--encoding windows-1252");
        assertThat(read(latin, READ.withEncoding("windows-1252")).users().names())
                .contains("é");
        Path wide = Files.write(directory.resolve("wide"), (HEADER + ROWS).getBytes(StandardCharsets.UTF_16));
        assertThat(read(wide, READ).users().names()).contains("é");
    }

    @Test
    void furtherNumberOrdersEventsOfOneTime() throws IOException {
        Path file = Files.writeString(
                directory.resolve("ties"),
                "user,item,date,place\na,x,2014-01-01,3\na,y,2014-01-01,1\na,z,2013-01-01,9\n");
        Dataset data = read(file, READ.withColumns(null, null, "date,place"));
        assertThat(Event.of(data)).extracting(Event::item).containsExactly("z", "y", "x");
    }

    @Test
    void readingResolvedReadsTheSame() throws IOException {
        Path file =
                Files.writeString(directory.resolve("log"), HEADER.replace(',', ';') + "a;x;20140102\na;y;20140101\n");
        LoadedData guessed = Datasets.load(file, READ, PrepareOptions.keepAll());
        ReadOptions resolved = guessed.report().resolved();
        assertThat(resolved.delimiter()).isEqualTo(";");
        assertThat(resolved.timePattern()).isEqualTo("yyyyMMdd");
        assertThat(Event.of(read(file, resolved))).isEqualTo(Event.of(guessed.dataset()));
        Path stray = Files.writeString(
                directory.resolve("stray"),
                "user;item;timestamp;title\na;x;20140102;\"A\na;y;20140101;B\nb;y;20140103;C\nb;z;20140104;D\"\n");
        assertThatThrownBy(() -> read(stray, resolved)).hasMessageContaining("holds what looks like rows");
    }
}
