package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.cli.option.DataOptions;
import io.github.ttt4rec.cli.report.ModelReport;
import io.github.ttt4rec.data.DataSource;
import io.github.ttt4rec.data.DataWarnings;
import io.github.ttt4rec.data.DatasetStatistics;
import io.github.ttt4rec.data.LoadedData;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.ReadReport;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.internal.AtomicFiles;
import io.github.ttt4rec.internal.YamlFiles;
import io.github.ttt4rec.io.internal.ModelSeries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Shows what is in an interaction log, what filters and split leave of it, and what will hurt. */
@Command(
        name = "inspect",
        description = "Show what is in an interaction log, what filters and split leave of it, and what will hurt; or"
                + " with --model how a model was made.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class InspectCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private final DataOptions data = new DataOptions();

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "Show how this model was made, tested and fitted instead of a log.")
    private @Nullable Path model;

    @Option(
            names = "--max-len",
            paramLabel = "N",
            defaultValue = "50",
            description = "How many of a user's last events the model will see (default: ${DEFAULT-VALUE}).")
    private int maxLength;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the findings to this file as JSON.")
    private @Nullable Path json;

    @Option(
            names = "--save-read",
            paramLabel = "FILE",
            description = "Write how the log was read, guesses included, for --read of other commands.")
    private @Nullable Path saveRead;

    /** For picocli. */
    public InspectCommand() {}

    /** Everything found out, as the JSON file has it. */
    record Findings(
            String file,
            String sha256,
            ReadReport reading,
            List<DataSource.Step> steps,
            DatasetStatistics statistics,
            SplitSizes split,
            List<String> warnings) {}

    /** The number of cases in each part of the split. */
    record SplitSizes(String protocol, long train, long validation, long test) {}

    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("not run by picocli");
        }
        if (model != null) {
            Path directory = ModelSeries.resolve(model);
            ModelReport.print(spec.commandLine().getOut(), directory, TrainedModel.load(directory));
            return 0;
        }
        InspectReport report = new InspectReport(spec.commandLine().getOut());
        LoadedData loaded = load(report);
        report.reading(loaded.report(), loaded.dataset().source());
        Split split = data.splitSpec(SplitSpec.defaults()).apply(loaded.dataset());
        DatasetStatistics statistics = DatasetStatistics.of(loaded.dataset());
        DataSource source = loaded.dataset().source();
        Findings findings = new Findings(
                source.file(),
                source.sha256(),
                loaded.report(),
                source.steps(),
                statistics,
                new SplitSizes(
                        split.protocol(),
                        split.cases(Split.Part.TRAIN),
                        split.cases(Split.Part.VALIDATION),
                        split.cases(Split.Part.TEST)),
                DataWarnings.find(loaded, split, statistics, maxLength, 1000 * System.currentTimeMillis()));
        report.print(findings);
        if (json != null) {
            write(json, findings);
        }
        if (saveRead != null) {
            save(saveRead, loaded.report().resolved());
        }
        report.next(data.files(), saveRead);
        return 0;
    }

    /** Reads the log; if the filters leave nothing of it, shows at least how it was read. */
    private LoadedData load(InspectReport report) {
        try {
            return data.load();
        } catch (UserFacingException e) {
            LoadedData all;
            try {
                all = data.loadAll();
            } catch (UserFacingException _) {
                throw e; // the reading itself failed
            }
            report.reading(all.report(), all.dataset().source());
            report.flush();
            throw e;
        }
    }

    private static void save(Path file, ReadOptions resolved) {
        RunConfig config = RunConfig.defaults().withRead(resolved);
        Object read = RunConfigs.toMap(config).get("read");
        AtomicFiles.writeText(file, writer -> writer.write(YamlFiles.format(Map.of("read", read))));
    }

    private static void write(Path file, Findings findings) {
        JsonMapper mapper = JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build();
        try {
            Files.writeString(file, mapper.writeValueAsString(findings) + "\n");
        } catch (IOException e) {
            throw new UserFacingException(
                    "cannot write " + file + ": " + e + "; check the path and that the disk has room", e);
        }
    }
}
