package io.github.ttt4rec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Tests that every option named in a message of the log reader exists in every command that reads a log. */
class MessagesTest {
    private static final Pattern OPTION = Pattern.compile("(?<=[\"( ])--[a-z][a-z-]+");

    @Test
    void readerNamesOnlyOptionsThatEveryReadingCommandHas() throws IOException {
        Set<String> named = new TreeSet<>();
        Path sources = Path.of("..", "core", "src", "main", "java", "io", "github", "ttt4rec", "data");
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                named.addAll(options(Files.readString(file)));
            }
        }
        named.remove("--save-read"); // of inspect alone
        // Put together with the role's name.
        named.addAll(List.of("--user-column", "--item-column", "--time-column"));
        assertThat(named).contains("--skip-bad-rows", "--no-header", "--time-pattern", "--encoding", "--preset-log");
        Map<String, CommandLine> commands = Main.commandLine().getSubcommands();
        for (String command : List.of("inspect", "train", "evaluate", "recommend", "compare", "tune", "import")) {
            Set<String> known =
                    commands.get(command).getCommandSpec().optionsMap().keySet();
            assertThat(known).as(command).containsAll(named);
        }
    }

    /** Returns the options that a source file names, in messages or elsewhere. */
    private static Set<String> options(String source) {
        Set<String> options = new TreeSet<>();
        Matcher matcher = OPTION.matcher(source);
        while (matcher.find()) {
            if (!matcher.group().endsWith("-")) {
                options.add(matcher.group());
            }
        }
        return options;
    }
}
