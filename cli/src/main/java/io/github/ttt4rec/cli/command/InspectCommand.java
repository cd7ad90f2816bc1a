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

/** Describes an interaction log, the effect of filters and split, and properties that will harm results. */
@Command(
        name = "inspect",
        description = {
            "Describe an interaction log, the effect of filters and split on it, and properties that will harm"
                    + " results; or, with --model, how a model was made.",
            ""
        },
        customSynopsis = {"ttt4rec inspect --data FILE [OPTIONS]", "       ttt4rec inspect --model DIR"},
        sortOptions = false)
public final class InspectCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private final DataOptions data = new DataOptions();

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "Instead of a log, describe how this model was made, tested and fitted.")
    private @Nullable Path model;

    @Option(
            names = "--max-len",
            paramLabel = "N",
            defaultValue = "50",
            description = "Number of a user's last events that the model will read (default: ${DEFAULT-VALUE}).")
    private int maxLength;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the report to this file as JSON.")
    private @Nullable Path json;

    @Option(
            names = "--save-read",
            paramLabel = "FILE",
            description = "Write how the log was read, guesses included, to a file for --read of other commands.")
    private @Nullable Path saveRead;

    /** The whole report, as written to the JSON file. */
    record Findings(
            String file,
            String sha256,
            ReadReport reading,
            List<DataSource.Step> steps,
            DatasetStatistics statistics,
            SplitSizes split,
            List<String> warnings) {}

    /** The numbers of cases in the parts of the split. */
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

    /** Reads the log. If the filters leave nothing, still shows how it was read. */
    private LoadedData load(InspectReport report) {
        try {
            return data.load();
        } catch (UserFacingException e) {
            LoadedData all;
            try {
                all = data.loadAll();
            } catch (UserFacingException _) {
                throw e; // Reading itself failed.
            }
            report.reading(all.report(), all.dataset().source());
            report.notices(all.report());
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
