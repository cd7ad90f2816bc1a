package io.github.ttt4rec.cli.option;

import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.terminal.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options for the settings of a training: a preset, a file, and single keys. */
public final class RunConfigOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            defaultValue = "production",
            description = {
                "The settings to start from (default: ${DEFAULT-VALUE}):",
                "production: test on the most recent events, then fit on all of them;",
                "paper: the published protocol, split 3:2:5, and no fit on all events."
            })
    private Preset preset;

    @Option(names = "--config", paramLabel = "FILE", description = "YAML file of settings.")
    private @Nullable Path configFile;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A setting, such as train.epochs=20 or just epochs=20; repeatable.")
    private List<String> settings = List.of();

    /** Returns the settings: those of the file replace those of the preset, and single keys replace both. */
    public RunConfig config() {
        RunConfig start = configFile == null ? preset() : RunConfigs.read(configFile, preset());
        return OptionValues.read(spec, () -> RunConfigs.set(start, settings));
    }

    /** Returns whether the preset ends with a model that is fitted on all events. */
    public boolean fitsOnAllEvents() {
        return preset != Preset.PAPER;
    }

    private RunConfig preset() {
        return switch (preset) {
            case PRODUCTION -> RunConfig.production();
            case PAPER -> RunConfig.defaults();
        };
    }

    /** Returns every setting with its default. */
    public static List<String> settingLines() {
        List<String> lines = new ArrayList<>();
        RunConfigs.keys(RunConfig.production()).forEach((section, value) -> {
            String text = value instanceof Map<?, ?> keys ? settings("", keys) : String.valueOf(value);
            lines.addAll(Text.wrap(Text.format("  %-6s ", section), text));
        });
        return lines;
    }

    private static String settings(String prefix, Map<?, ?> keys) {
        return keys.entrySet().stream()
                .map(entry -> entry.getValue() instanceof Map<?, ?> inner
                        ? settings(prefix + entry.getKey() + ".", inner)
                        : prefix + entry.getKey() + "=" + (entry.getValue() == null ? "" : entry.getValue()))
                .collect(Collectors.joining(" "));
    }

    /** The preset that a run starts from. */
    private enum Preset {
        PRODUCTION,
        PAPER
    }
}
