package io.github.ttt4rec.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.terminal.option.StackTraceOption;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class EnumConverterTest {
    private final StringWriter err = new StringWriter();

    @Test
    void namesAreReadInAnyCaseWithHyphensOrUnderscores() {
        assertThat(run("--size", "extra-large")).isEqualTo(12);
        assertThat(run("--size", "Extra_Large")).isEqualTo(12);
        assertThat(run("--size", "SMALL", "--sizes", "small,extra-large")).isEqualTo(30);
    }

    @Test
    void unknownWordListsAllWords() {
        assertThat(run("--size", "big")).isEqualTo(2);
        assertThat(err.toString().strip())
                .isEqualTo("ttt4rec: Invalid value for option '--size': 'big' is not small, medium or extra-large"
                        + " (see 'shirt --help')");
    }

    private int run(String... arguments) {
        CommandLine commandLine = new CommandLine(new Shirt());
        commandLine.setErr(new PrintWriter(err, true));
        return Program.execute(commandLine, new Failures(new StackTraceOption()), arguments);
    }

    private enum Size {
        SMALL(0),
        MEDIUM(1),
        EXTRA_LARGE(2);

        private final int number;

        Size(int number) {
            this.number = number;
        }
    }

    @Command(name = "shirt", mixinStandardHelpOptions = true)
    private static final class Shirt implements java.util.concurrent.Callable<Integer> {
        @Option(names = "--size")
        private Size size = Size.MEDIUM;

        @Option(names = "--sizes", split = ",")
        private List<Size> sizes = List.of();

        @Override
        public Integer call() {
            return 10 + size.number + 10 * sizes.size();
        }
    }
}
