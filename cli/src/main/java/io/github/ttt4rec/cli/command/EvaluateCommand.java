package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.cli.option.DataOptions;
import io.github.ttt4rec.cli.report.DataReport;
import io.github.ttt4rec.cli.report.EvaluationProgress;
import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.EventTime;
import io.github.ttt4rec.data.LoadedData;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.read.Datasets;
import io.github.ttt4rec.eval.EvaluationOptions;
import io.github.ttt4rec.eval.EvaluationReport;
import io.github.ttt4rec.eval.EvaluationResult;
import io.github.ttt4rec.eval.Evaluator;
import io.github.ttt4rec.eval.Protocol;
import io.github.ttt4rec.internal.AtomicFiles;
import io.github.ttt4rec.io.Provenance;
import io.github.ttt4rec.live.QualityLog;
import io.github.ttt4rec.live.QualityLog.Group;
import io.github.ttt4rec.recommend.HistoryPolicy;
import io.github.ttt4rec.terminal.ProgressLine;
import io.github.ttt4rec.terminal.Terminal;
import io.github.ttt4rec.terminal.Text;
import io.github.ttt4rec.terminal.option.ModelOption;
import io.github.ttt4rec.terminal.option.PeriodConverter;
import io.github.ttt4rec.terminal.option.PositiveConverter;
import io.github.ttt4rec.terminal.option.ThreadsOption;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Evaluates a model on an interaction log. */
@Command(
        name = "evaluate",
        description = {
            "Evaluate a model: rank every item for every test case of a log.",
            "",
            "The log is read, filtered and split as for training, unless options say otherwise, so that the training"
                    + " file gives exactly the split of the training. On another file, events of items that the"
                    + " model does not know are dropped and counted. The default is the published protocol: full"
                    + " ranking, no items masked, the last max_len items as history.",
            ""
        },
        customSynopsis = "ttt4rec evaluate --model DIR --data FILE [OPTIONS]",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ttt4rec evaluate --model model --data events.csv",
            "  ttt4rec evaluate --model model --data events.csv --json result.json \\",
            "      --users users.csv",
            "  ttt4rec evaluate --model model --data events.csv --json - --k 5,20",
            "  ttt4rec evaluate --model model --data large.csv --sample 0.01",
            "  ttt4rec evaluate --model new --against old --data shop.db --prequential",
        })
public final class EvaluateCommand implements Callable<Integer> {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    /** The seed that selects the users whose cases {@code --sample} ranks. */
    private static final long SAMPLE_SEED = 1;

    @Spec
    private CommandSpec spec;

    @Mixin
    private final ModelOption source = new ModelOption();

    @Option(
            names = "--prequential",
            description =
                    "Rank each event since the model was fitted as a server would have ranked it just before storing"
                            + " it, as /v1/quality does; uses no split.")
    private boolean prequential;

    @Option(
            names = "--sample",
            paramLabel = "SHARE",
            defaultValue = "1",
            description =
                    "Share of cases to rank, above 0 and at most 1: all cases of a random sample of users, the same for"
                            + " every model. With --prequential, share of events: a server with the same"
                            + " --quality-sample ranks the same ones (default: ${DEFAULT-VALUE}).")
    private double sample;

    @Option(
            names = "--against",
            paramLabel = "DIR",
            description =
                    "With --prequential: another model to compare with, on the events after the last one that either"
                            + " model was fitted on; prints the difference and its confidence interval.")
    private @Nullable Path against;

    @Option(
            names = "--live-catalogue",
            paramLabel = "PERIOD",
            converter = PeriodConverter.class,
            description =
                    "With --prequential: also rank the same events with a catalogue that is recounted after each period"
                            + " of the log, such as 1h or 1d, new items included, as serve --live-catalogue does;"
                            + " prints the difference.")
    private @Nullable Duration liveCatalogue;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write the result as JSON; - for standard output, without the table.")
    private @Nullable Path json;

    @Option(names = "--users", paramLabel = "FILE", description = "Write the metrics of every user as CSV.")
    private @Nullable Path users;

    @Option(names = "--cases", paramLabel = "FILE", description = "Write the rank of every case as CSV.")
    private @Nullable Path cases;

    @Option(
            names = "--part",
            paramLabel = "PART",
            defaultValue = "test",
            converter = PartConverter.class,
            description = "test or validation (default: ${DEFAULT-VALUE}).")
    private Split.Part part;

    @Option(
            names = "--protocol",
            paramLabel = "PROTOCOL",
            defaultValue = "all",
            description = {
                "all: all cases, each ranked among all items (the default);",
                "unseen: only cases whose target is new to the user, ranked among items new to the user."
            })
    private Protocol protocol;

    @Option(
            names = "--history-policy",
            paramLabel = "POLICY",
            defaultValue = "window",
            description = {
                "The part of a long history that the model reads (L = max_len):",
                "window: the last L items, the published protocol (the default);",
                "hop: continue up to 2L items, then rebuild from the last L;",
                "unbounded: never rebuild;",
                "reset: start over after every L items."
            })
    private HistoryPolicy policy;

    @Option(
            names = "--k",
            paramLabel = "K",
            split = ",",
            defaultValue = "1,5,10,20,50",
            converter = PositiveConverter.class,
            description = "Lengths K of the lists that metrics@K are computed for (default: ${DEFAULT-VALUE}).")
    private List<Integer> ks;

    @Mixin
    private final ThreadsOption threads = new ThreadsOption();

    @Mixin
    private final DataOptions data = new DataOptions();

    @Override
    public Integer call() throws InterruptedException {
        if (!(sample > 0 && sample <= 1)) {
            throw new ParameterException(
                    spec.commandLine(), "--sample must be above 0 and at most 1, and is " + sample);
        }
        Path file = data.file();
        TrainedModel model = TrainedModel.load(source.directory());
        RunConfig config = model.config();
        if (prequential) {
            rankPrequentially(model);
            return 0;
        }
        if (against != null || liveCatalogue != null) {
            throw new ParameterException(
                    spec.commandLine(), (against != null ? "--against" : "--live-catalogue") + " needs --prequential");
        }
        LoadedData read = data.load(config.read(), config.data());
        Dataset loaded = read.dataset();
        model.requireKinds(loaded);
        Split whole = data.splitSpec(config.split()).apply(Datasets.withItems(loaded, model.items()));
        Split split = sampled(whole);

        boolean jsonOnly = json != null && json.toString().equals("-");
        PrintWriter report =
                jsonOnly ? spec.commandLine().getErr() : spec.commandLine().getOut();
        DataReport.section(
                report,
                "Model",
                source.directory() + ", trained on " + model.provenance().data().file());
        DataReport.print(report, read.report());
        DataReport.print(report, split.data());
        DataReport.print(report, whole);
        if (!split.data().source().sha256().equals(model.provenance().data().sha256())) {
            Text.wrap("  ! ", file.getFileName() + " is not the file that the model was trained on")
                    .forEach(report::println);
        }
        warnIfFitted(report, model, split);
        report.flush();

        ProgressLine line =
                new ProgressLine(spec.commandLine().getErr(), Terminal.detect().error());
        EvaluationOptions options = model.evaluationOptions(policy)
                .withKs(ks)
                .withProtocol(protocol)
                .withThreads(threads.count());
        EvaluationResult result = new Evaluator(options)
                .evaluate(model.recommender(policy), split, part, new EvaluationProgress(line, "evaluating"));
        line.clear();

        write(result, model, jsonOnly);
        return 0;
    }

    /** Writes the files and prints the table, or the JSON alone. */
    private void write(EvaluationResult result, TrainedModel model, boolean jsonOnly) {
        PrintWriter stdout = spec.commandLine().getOut();
        if (users != null) {
            AtomicFiles.writeText(users, writer -> EvaluationReport.writeUsers(result, writer));
        }
        if (cases != null) {
            AtomicFiles.writeText(cases, writer -> EvaluationReport.writeCases(result, writer));
        }
        if (jsonOnly) {
            stdout.print(json(result, model));
            return;
        }
        stdout.println();
        stdout.print(EvaluationReport.table(result));
        if (json != null) {
            String text = json(result, model);
            AtomicFiles.writeText(json, writer -> writer.write(text));
        }
    }

    /** Reduces the split to the requested sample of users, and notes the sample in the name of the split. */
    private Split sampled(Split whole) {
        long all = whole.cases(part);
        if (sample == 1 || all == 0) {
            return whole;
        }
        Split some = whole.sample(part, Math.max(1, Math.round(sample * all)), SAMPLE_SEED);
        return new Split(
                Text.format(
                        "%s, a sample of %,d of %,d cases (seed %d)",
                        whole.protocol(), some.cases(part), all, SAMPLE_SEED),
                some.data(),
                some.validStart(),
                some.testStart());
    }

    private void rankPrequentially(TrainedModel model) throws InterruptedException {
        Dataset log = data.load(model.config().read(), data.prepareOptions(PrepareOptions.keepAll()))
                .dataset();
        model.requireKinds(log);
        PrintWriter out = spec.commandLine().getOut();
        DataReport.print(out, log);
        Instant until = PrequentialEvaluation.fittedUntil(model);
        TrainedModel other = against == null ? null : TrainedModel.load(against);
        if (other != null) {
            other.requireKinds(log);
            Instant otherUntil = PrequentialEvaluation.fittedUntil(other);
            until = until == null || (otherUntil != null && otherUntil.isAfter(until)) ? otherUntil : until;
        }
        QualityLog quality = new PrequentialEvaluation(model, until).rank(log, sample, threads.count());
        PrequentialEvaluation.print(out, quality);
        if (liveCatalogue != null) {
            QualityLog live =
                    new PrequentialEvaluation(model, until).rankLive(log, sample, threads.count(), liveCatalogue);
            out.println(Text.format("%nThe catalogue recounted every %s:", liveCatalogue));
            PrequentialEvaluation.print(out, live);
            PrequentialEvaluation.print(out, "the catalogue of the training", quality.difference(live, Group.ALL));
        }
        if (other != null) {
            QualityLog others = new PrequentialEvaluation(other, until).rank(log, sample, threads.count());
            PrequentialEvaluation.print(out, String.valueOf(against), others.difference(quality, Group.ALL));
        }
    }

    /** Warns if the model was fitted on all events, and so has seen the test cases of every split. */
    private void warnIfFitted(PrintWriter report, TrainedModel model, Split split) {
        Provenance.Fitted fitted = model.provenance().fitted();
        if (fitted == null) {
            return;
        }
        Dataset dataset = split.data();
        boolean known =
                dataset.source().sha256().equals(model.provenance().data().sha256());
        Instant last = fitted.lastTime();
        for (int user = 0; user < dataset.userCount() && !known && last != null && dataset.hasTimes(); user++) {
            int first = split.from(part, user);
            known = first < split.to(part, user)
                    && !EventTime.instant(dataset.times()[dataset.start(user) + first])
                            .isAfter(last);
        }
        if (known) {
            Text.wrap(
                            "  ! ",
                            "the model was fitted on all events, including some of these cases, so the figures are too"
                                    + " good. train --no-refit saves a model that can be tested; inspect --model"
                                    + " shows this model's test before that fit")
                    .forEach(report::println);
        }
    }

    /** The metrics, and the model and data that they belong to. */
    private String json(EvaluationResult result, TrainedModel model) {
        ObjectNode tree = (ObjectNode) JSON.readTree(EvaluationReport.json(result));
        ObjectNode about = tree.putObject("model");
        about.put("directory", source.directory().toString());
        about.put("seed", model.provenance().seed());
        about.put("trained_on", model.provenance().data().sha256());
        about.set("config", JSON.valueToTree(RunConfigs.toMap(model.config())));
        tree.set("data", JSON.valueToTree(result.ranks().data().source()));
        return JSON.writeValueAsString(tree) + "\n";
    }

    private static final class PartConverter implements ITypeConverter<Split.Part> {
        @Override
        public Split.Part convert(String word) {
            return switch (word) {
                case "test" -> Split.Part.TEST;
                case "validation" -> Split.Part.VALIDATION;
                default -> throw new TypeConversionException("'" + word + "' is not test or validation");
            };
        }
    }
}
