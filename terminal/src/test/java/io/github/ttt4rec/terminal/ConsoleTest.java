package io.github.ttt4rec.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests the helpers that write to the console. */
class ConsoleTest {
    @Test
    void launcherSaysWhichStreamsAreTerminals() {
        assertThat(Terminal.detect("12", Map.of())).isEqualTo(new Terminal(true, true, true));
        assertThat(Terminal.detect("2", Map.of())).isEqualTo(new Terminal(false, true, false));
        assertThat(Terminal.detect("", Map.of())).isEqualTo(new Terminal(false, false, false));
    }

    @Test
    void colourIsForTerminalsThatWantIt() {
        assertThat(Terminal.detect("1", Map.of("NO_COLOR", "1")).colour()).isFalse();
        assertThat(Terminal.detect("1", Map.of("NO_COLOR", "")).colour()).isTrue();
        assertThat(Terminal.detect("1", Map.of("TERM", "dumb")).colour()).isFalse();
        assertThat(Style.GREEN.of("x", new Terminal(true, true, true))).isEqualTo("\u001B[32mx\u001B[0m");
        assertThat(Style.GREEN.of("x", new Terminal(true, true, false))).isEqualTo("x");
    }

    @Test
    void progressLineIsOverwrittenAndLeavesNothing() {
        StringWriter written = new StringWriter();
        ProgressLine line = new ProgressLine(new PrintWriter(written), true);
        line.show(() -> "half way");
        line.println("done");
        assertThat(written.toString()).isEqualTo("\rhalf way\r        \rdone" + System.lineSeparator());
    }

    @Test
    void withoutATerminalThereIsNoProgressLine() {
        StringWriter written = new StringWriter();
        ProgressLine line = new ProgressLine(new PrintWriter(written), false);
        line.show(() -> {
            throw new AssertionError("asked for a text that nobody sees");
        });
        line.clear();
        assertThat(written.toString()).isEmpty();
    }

    @Test
    void textIsWrappedBetweenWords() {
        assertThat(Text.wrap("Label   ", "word ".repeat(30).strip()))
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(Text.wrap("> ", "a b")).containsExactly("> a b");
        assertThat(Text.wrap("> ", "x".repeat(100))).containsExactly("> " + "x".repeat(100));
    }

    @Test
    void durationsAreForPeople() {
        assertThat(Text.duration(8.34)).isEqualTo("8.3 s");
        assertThat(Text.duration(59.97)).isEqualTo("1 min 0 s");
        assertThat(Text.duration(125)).isEqualTo("2 min 5 s");
        assertThat(Text.duration(4330)).isEqualTo("1 h 12 min");
        assertThat(Text.clock(6.2)).isEqualTo("0:07");
        assertThat(Text.clock(3750)).isEqualTo("1:02:30");
        assertThat(Text.clock(Double.NaN)).isEqualTo("?");
        assertThat(Text.clock(Double.POSITIVE_INFINITY)).isEqualTo("?");
    }
}
