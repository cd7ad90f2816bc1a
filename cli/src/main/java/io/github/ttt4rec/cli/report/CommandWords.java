package io.github.ttt4rec.cli.report;

import io.github.ttt4rec.terminal.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Formats commands for the user to type, quoted for a shell. */
public final class CommandWords {
    private CommandWords() {}

    /**
     * Returns the current command without some words and with others added. Adds the number of threads if it was this
     * machine's default, because bit-identical results need the same number.
     *
     * @param threads the number given on the command line; null if none
     * @param count the number in use
     */
    public static String again(
            CommandSpec spec, @Nullable Integer threads, int count, Set<String> without, String... added) {
        List<String> words =
                new ArrayList<>(spec.root().commandLine().getParseResult().originalArgs());
        words.removeAll(without);
        if (threads == null) {
            words.addAll(List.of("--threads", Integer.toString(count)));
        }
        words.addAll(Arrays.asList(added));
        return line(words);
    }

    /** Returns another command on the same log, read in the same way. */
    public static String onTheSameLog(CommandSpec spec, CommandSpec dataOptions, String command, String... words) {
        List<String> all = new ArrayList<>(List.of(command));
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            if (dataOptions.optionsMap().containsKey(option.longestName())) {
                all.add(option.longestName());
                if (option.arity().max() > 0) {
                    all.addAll(option.originalStringValues());
                }
            }
        }
        all.addAll(Arrays.asList(words));
        return line(all);
    }

    private static String line(List<String> words) {
        return Stream.concat(Stream.of(System.getProperty("ttt4rec.command", "ttt4rec")), words.stream())
                .map(Text::shellWord)
                .collect(Collectors.joining(" "));
    }
}
