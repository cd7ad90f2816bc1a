package io.github.ttt4rec.benchmarks;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.train.EpochRecord;
import io.github.ttt4rec.train.TrainConfig;
import io.github.ttt4rec.train.TrainingListener;
import io.github.ttt4rec.train.TrainingState;
import io.github.ttt4rec.ttt.TttConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Trains some epochs under Flight Recorder and compares the time of each stage with its lower limit: the time for its
 * operations at the machine's peak, or for its bytes at the bandwidth of main memory, whichever is longer.
 */
@Command(
        name = "roofline",
        description = "Show the time of each stage of an epoch, and the minimum time that it could take on this"
                + " machine.",
        sortOptions = false)
public final class RooflineCommand implements Callable<Integer> {
    private static final int WARM_UP_EPOCHS = 2;
    /** The JVM options for each vector width; none for the machine's own width. */
    private static final List<String> WIDTHS = List.of("", "-XX:UseAVX=2", "-XX:MaxVectorSize=16");

    @Spec
    private CommandSpec spec;

    @Mixin
    private LogOptions log;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "4",
            description = "Number of epochs to profile, after two that are not profiled (default: ${DEFAULT-VALUE}).")
    private int epochs;

    @Option(
            names = "--methods",
            paramLabel = "N",
            defaultValue = "12",
            description = "Number of methods to list (default: ${DEFAULT-VALUE}).")
    private int methods;

    @Option(
            names = "--all-widths",
            description =
                    "Run three times, each in its own JVM: with this machine's vectors, with -XX:UseAVX=2 and with"
                            + " -XX:MaxVectorSize=16; prints one table for all runs.")
    private boolean allWidths;

    @Option(
            names = "--write",
            paramLabel = "FILE",
            hidden = true,
            description = "Write the stages to a file, for the run that compares the widths.")
    private @Nullable Path written;

    /** Starts the recorder after the first epochs. */
    private static final class Watcher implements TrainingListener {
        private final List<EpochRecord> watched = new ArrayList<>();
        private long tokens;
        private @Nullable Recording recording;

        @Override
        public void started(long cases, long tokens, TrainingState state) {
            this.tokens = tokens;
        }

        @Override
        public void finished(EpochRecord epoch, boolean best, TrainingState state) {
            if (recording != null) {
                watched.add(epoch);
            } else if (epoch.epoch() == WARM_UP_EPOCHS) {
                recording = Profile.start();
            }
        }
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (allWidths) {
            compareWidths();
            return 0;
        }
        int all = WARM_UP_EPOCHS + epochs;
        RunConfig config = RunConfigs.set(log.config(), List.of("epochs=" + all, "patience=" + all));
        if (!(config.model() instanceof TttConfig model) || config.train().loss() != TrainConfig.Loss.CE) {
            throw new UserFacingException("operations are counted only for type ttt4rec with loss ce");
        }
        Split split = config.open(log.log());
        int threads = log.threads();
        spec.commandLine().getErr().println("measuring peak and bandwidth, then training " + all + " epochs");
        spec.commandLine().getErr().flush();
        Limits limits = Limits.measure(threads);
        Watcher watcher = new Watcher();
        try (Training training = new Training(split, config, log.seed(), threads, watcher)) {
            training.run(null);
            EpochWork work = EpochWork.of(split, model, config.train(), training.parameterCount(), threads);
            if (work.tokens() != watcher.tokens) {
                throw new IllegalStateException("counted " + work.tokens() + " tokens of " + watcher.tokens);
            }
            print(limits, work, watcher);
        }
        return 0;
    }

    /** Runs this command again in its own JVM for each vector width. */
    private void compareWidths() throws InterruptedException, IOException {
        List<Roofline> runs = new ArrayList<>();
        for (String option : WIDTHS) {
            spec.commandLine().getErr().println("vectors: " + (option.isEmpty() ? "this machine's" : option));
            spec.commandLine().getErr().flush();
            Path file = Files.createTempFile("ttt4rec-roofline", ".tsv");
            try {
                Process process = new ProcessBuilder(child(option, file))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
                if (process.waitFor() != 0) {
                    throw new UserFacingException(
                            "the run with " + (option.isEmpty() ? "this machine's vectors" : option)
                                    + " failed: the lines above say why");
                }
                runs.add(Roofline.read(file));
            } finally {
                Files.deleteIfExists(file);
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.describe());
        runs.forEach(run -> out.println(run.summary(log.threads())));
        out.println();
        out.print(MarkdownTable.of(Roofline.table(runs)));
        out.flush();
    }

    private List<String> child(String option, Path file) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.add("-XX:+IgnoreUnrecognizedVMOptions");
        if (!option.isEmpty()) {
            command.add(option);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(spec.commandLine().getParent().getParseResult().originalArgs());
        command.remove("--all-widths");
        command.addAll(List.of("--write", file.toString()));
        return command;
    }

    private void print(Limits limits, EpochWork work, Watcher watcher) throws IOException {
        Recording recording = watcher.recording;
        if (recording == null) {
            throw new IllegalStateException("training ended before the profile began");
        }
        Profile profile = Profile.stop(recording);
        double seconds = watcher.watched.stream()
                .mapToDouble(epoch -> epoch.trainSeconds() + epoch.validationSeconds())
                .average()
                .orElseThrow();
        Roofline roofline = stages(limits, work, profile, seconds);
        if (written != null) {
            roofline.write(written);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.describe());
        out.println(roofline.summary(limits.threads()));
        out.println();
        out.print(MarkdownTable.of(Roofline.table(List.of(roofline))));
        out.println();
        out.print(MarkdownTable.of(top("method", "of samples", profile.methods())));
        out.println();
        out.print(MarkdownTable.of(top("allocates", "of bytes", profile.allocated())));
        out.flush();
    }

    private static Roofline stages(Limits limits, EpochWork work, Profile profile, double seconds) {
        List<Roofline.Row> rows = new ArrayList<>();
        double sumAtLimit = 0;
        for (Stage stage : Stage.values()) {
            double gigaflop = work.flops().getOrDefault(stage, 0.0) / 1e9;
            double gigabytes = work.bytes().getOrDefault(stage, 0.0) / 1e9;
            double atLimit = Math.max(gigaflop / limits.gigaflops(), gigabytes / limits.gigabytes());
            double share = (double) profile.stages().getOrDefault(stage, 0L) / profile.samples();
            rows.add(new Roofline.Row(stage.description(), gigaflop, gigabytes, atLimit, share * seconds));
            sumAtLimit += atLimit;
        }
        double flops = work.flops().values().stream().mapToDouble(x -> x).sum() / 1e9;
        double bytes = work.bytes().values().stream().mapToDouble(x -> x).sum() / 1e9;
        rows.add(new Roofline.Row("together", flops, bytes, sumAtLimit, seconds));
        return new Roofline(Kernels.active().name(), limits.gigaflops(), limits.gigabytes(), rows);
    }

    private List<String[]> top(String what, String share, Map<String, Long> counts) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {what, share});
        double all = counts.values().stream().mapToLong(Long::longValue).sum();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(methods)
                .forEach(e -> rows.add(
                        new String[] {e.getKey(), String.format(Locale.ROOT, "%.1f %%", 100 * e.getValue() / all)}));
        return rows;
    }
}
