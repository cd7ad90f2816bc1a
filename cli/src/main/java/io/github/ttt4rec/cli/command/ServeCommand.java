package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.catalogue.ItemFile;
import io.github.ttt4rec.catalogue.ItemRecord;
import io.github.ttt4rec.cli.option.ServerOptions;
import io.github.ttt4rec.cli.report.ItemNames;
import io.github.ttt4rec.cli.retrain.RetrainSchedule;
import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.io.internal.ModelSeries;
import io.github.ttt4rec.serve.engine.CatalogueUpdates;
import io.github.ttt4rec.serve.engine.EngineConfig;
import io.github.ttt4rec.serve.engine.MemoryPlan;
import io.github.ttt4rec.serve.http.RecommendationServer;
import io.github.ttt4rec.serve.http.ServerConfig;
import io.github.ttt4rec.serve.store.Durability;
import io.github.ttt4rec.serve.store.StoreConfig;
import io.github.ttt4rec.terminal.Program;
import io.github.ttt4rec.terminal.option.PolicyOption;
import io.github.ttt4rec.terminal.option.PositiveConverter;
import io.github.ttt4rec.terminal.option.TypesConverter;
import io.github.ttt4rec.terminal.option.UserTtlOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Serves a model over HTTP. */
@Command(
        name = "serve",
        description = {
            "Serve a model over HTTP: events in, recommendations out, with a web page.",
            "",
            "Every event trains the user's fast weights by one step, so that the next list reflects it. The server"
                    + " acknowledges an event when it is on disk; it rebuilds users' states from the events when"
                    + " needed. On Ctrl-C or SIGTERM it refuses new requests, finishes those in progress and"
                    + " exits with 0. On SIGHUP it reloads limits, tokens and the certificate, also from an @FILE"
                    + " of options.",
            ""
        },
        customSynopsis = "ttt4rec serve --model DIR | --tenants FILE [--port PORT] [--state FILE] [OPTIONS]",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ttt4rec serve --model model",
            "  ttt4rec serve --model models/monday --state shop.db --items products.csv",
            "  ttt4rec serve --tenants tenants.yaml",
            "  ttt4rec serve --model model --host 0.0.0.0 --token-file tokens.txt \\",
            "      --admin-token-file admins.txt --tls-cert cert.pem --tls-key key.pem",
            "",
            "  curl -H 'Content-Type: application/json' http://127.0.0.1:8080/v1/events \\",
            "      -d '{\"user\": \"u1\", \"item\": \"B00005\", \"event_id\": \"order-17-1\"}'",
            "  curl 'http://127.0.0.1:8080/v1/users/u1/recommendations?k=5'",
            "  curl -H 'Content-Type: application/json' \\",
            "      http://127.0.0.1:8080/v1/recommendations \\",
            "      -d '{\"history\": [\"B00005\", \"B00017\"], \"exclude_seen\": true}'",
            "  curl -G http://127.0.0.1:8080/v1/users/u1/recommendations \\",
            "      --data-urlencode 'filter=category in (\"bags\") and price < 30'",
            "  curl -X POST -H 'Content-Type: application/json' \\",
            "      http://127.0.0.1:8080/v1/model -d '{\"directory\": \"tuesday\"}'",
            "",
            "  http://127.0.0.1:8080/              the page",
            "  http://127.0.0.1:8080/openapi.yaml  all requests and their answers",
            "  http://127.0.0.1:8080/metrics       for Prometheus",
            "",
            "A running server can swap its model for another one in the same directory",
            "as DIR.",
        })
public final class ServeCommand implements Callable<Integer> {
    private static final String STATE = "ttt4rec-state.db";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = {
                "Model directory that train wrote, or a directory of models: the one that retrain put into service, or the"
                        + " only one."
            })
    private @Nullable Path model;

    @Option(
            names = "--tenants",
            paramLabel = "FILE",
            description = {
                "Several catalogues in one server, each under /t/NAME/, instead of --model: YAML such as",
                "tenants: [{name: shoes, model: models/shoes, state: shoes.db, token_file: shoes.tokens}]; also items,"
                        + " types, admin_token_file, retrain, cache_mb, rate, max_requests, max_k. --cache-mb and"
                        + " --max-requests are shared by the tenants without their own settings."
            })
    private @Nullable Path tenants;

    @Option(
            names = "--state",
            paramLabel = "FILE",
            description = "The event store, created if it does not exist (default: " + STATE + " next to DIR).")
    private @Nullable Path state;

    @Option(
            names = "--names",
            paramLabel = "FILE",
            description = "Items' names for recommendations and the page: CSV with the columns item and name.")
    private @Nullable Path namesFile;

    @Option(
            names = "--items",
            paramLabel = "FILE",
            description =
                    "Items' attributes to store: JSON Lines, or CSV or Parquet with the column item and any of title, text, group,"
                            + " category, label, available_from, available_until and your own. Stored attributes of other items"
                            + " stay.")
    private @Nullable Path itemsFile;

    @Mixin
    private final PolicyOption policy = new PolicyOption();

    @Option(
            names = "--cache-mb",
            paramLabel = "MB",
            defaultValue = "256",
            converter = PositiveConverter.class,
            description =
                    "Memory for cached users' states; others are rebuilt when needed (default: ${DEFAULT-VALUE}).")
    private int cacheMegabytes;

    @Option(
            names = "--durability",
            paramLabel = "LEVEL",
            defaultValue = "full",
            description = {
                "Failures that an acknowledged event survives (default: ${DEFAULT-VALUE}):",
                "full: power loss; normal: a killed process, but power loss may lose the last seconds; off: a killed"
                        + " process, but power loss may damage the file."
            })
    private Durability durability;

    @Option(
            names = "--max-events-per-user",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description =
                    "Keep at least the last N events of each user, and delete older ones now and then (default: all).")
    private @Nullable Integer maxEvents;

    @Mixin
    private final UserTtlOption userTtl = new UserTtlOption();

    @Option(
            names = "--types",
            paramLabel = "RULES",
            converter = TypesConverter.class,
            description = {
                "Roles of events by type and value, instead of those that the model was trained with:",
                "target, input, negative or ignored, such as \"buy,view=input,remove=negative*2,*=ignored\". Events of"
                        + " types without a role are refused."
            })
    private @Nullable String types;

    @Option(
            names = "--quality-sample",
            paramLabel = "SHARE",
            defaultValue = "0.02",
            description =
                    "Share of events to rank just before they are stored, for /v1/quality (default: ${DEFAULT-VALUE}; 0"
                            + " for none).")
    private double qualitySample;

    @Option(
            names = "--live-catalogue",
            paramLabel = "WHEN",
            defaultValue = "off",
            converter = CatalogueUpdatesConverter.class,
            description = {
                "Updates of the catalogue from the stored events of all users (default: ${DEFAULT-VALUE}):",
                "each-event: each event adds to the tables of related items at once; a period, such as 15m: popularity"
                        + " and related items are recounted at this interval; off: both stay as trained. Unless"
                        + " off, items that at least two users had are added."
            })
    private CatalogueUpdates liveCatalogue;

    @Option(
            names = "--retrain",
            paramLabel = "WHEN",
            converter = RetrainSchedule.Converter.class,
            description =
                    "Retrain from the stored events at a time of day (UTC), such as 03:00, or at an interval, such as"
                            + " 24h; see retrain --help. New models are put beside the served one. With --tenants, this"
                            + " applies to each tenant whose entry does not say otherwise (retrain: WHEN, or off), one at a time.")
    private @Nullable RetrainSchedule retrain;

    @Option(
            names = "--retrain-memory-mb",
            paramLabel = "MB",
            defaultValue = "1024",
            converter = PositiveConverter.class,
            description =
                    "Memory of the process that retrains, in addition to the server's own (default: ${DEFAULT-VALUE}).")
    private int retrainMegabytes;

    @Option(
            names = "--max-forgotten-percent",
            paramLabel = "N",
            defaultValue = "10",
            converter = PositiveConverter.class,
            description =
                    "Maximum percentage of users that --user-ttl may forget in one round. If more are idle, the clock"
                            + " is probably wrong, and none is forgotten (default: ${DEFAULT-VALUE}).")
    private int maxForgottenPercent;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Override
    public Integer call() throws InterruptedException {
        StoreConfig storeConfig;
        EngineConfig engineConfig;
        try {
            storeConfig = new StoreConfig(
                    durability, maxEvents == null ? 0 : maxEvents, userTtl.value(), maxForgottenPercent);
            engineConfig = new EngineConfig(
                    policy.value(),
                    (long) cacheMegabytes << 20,
                    qualitySample,
                    liveCatalogue,
                    types == null ? null : EventRoles.parse(types));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
        if (tenants != null) {
            return serve(tenants, storeConfig, engineConfig);
        }
        Path directory = directory();
        Map<String, String> names =
                namesFile == null ? Map.of() : ItemNames.read(namesFile).byItem();
        List<ItemRecord> items = itemsFile == null ? List.of() : ItemFile.read(itemsFile);
        MemoryPlan memory = MemoryPlan.ofProcess(engineConfig.cacheBytes());
        ServerConfig config = config(names, memory);
        RecommendationServer.check(config);
        memory.use(directory);
        TrainedModel trained = TrainedModel.load(directory);
        Serving serving = new Serving(
                spec.commandLine().getOut(), spec.commandLine().getErr(), config, () -> again(names, memory));
        serving.items(items);
        Path models = models();
        if (retrain != null && models != null) {
            if (!Files.exists(models.resolve(ModelSeries.SERVED))) {
                // Checks the directory before serving, because retraining needs it.
                ModelSeries.open(models).close();
            }
            serving.retrain(new RetrainSchedule.Job(retrain, models, file(), retrainMegabytes));
        }
        if (model != null && !directory.equals(ModelSeries.resolve(model))) {
            serving.line("serving " + directory + ", which " + models + "/" + ModelSeries.SERVED + " names, instead of "
                    + model);
        }
        serving.run(trained, directory.toString(), file(), storeConfig, engineConfig);
        serving.line("stopped; every acknowledged event is in the store");
        return 0;
    }

    private int serve(Path file, StoreConfig storeConfig, EngineConfig engineConfig) throws InterruptedException {
        if (model != null || state != null || namesFile != null || itemsFile != null || types != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--tenants takes the place of --model, --state, --names, --items and --types, which are keys of its"
                            + " file");
        }
        MemoryPlan memory = MemoryPlan.ofProcess(engineConfig.cacheBytes());
        ServerConfig config = server.config(Map.of(), null, null, memory);
        new TenantServing(
                        spec.commandLine().getOut(),
                        spec.commandLine().getErr(),
                        file,
                        storeConfig,
                        engineConfig,
                        new TenantServing.Retraining(retrain, retrainMegabytes))
                .run(config, () -> fresh().server.config(Map.of(), null, null, memory));
        spec.commandLine().getErr().println("ttt4rec: stopped; every acknowledged event is in the stores");
        return 0;
    }

    private Path directory() {
        if (model == null) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '--model=DIR'");
        }
        return retrain == null ? ModelSeries.resolve(model) : ModelSeries.resolveServed(model);
    }

    /** Returns the directory that contains the served model; null if the model is at the root of a file system. */
    private @Nullable Path models() {
        return directory().toAbsolutePath().normalize().getParent();
    }

    private Path file() {
        Path models = models();
        return state != null
                ? state
                : (models == null ? directory().toAbsolutePath().normalize() : models).resolve(STATE);
    }

    private ServerConfig config(Map<String, String> names, MemoryPlan memory) {
        return server.config(names, models(), file(), memory);
    }

    /** Parses the same command line again, which also reads files of options such as {@code @serve.conf} again. */
    private ServerConfig again(Map<String, String> names, MemoryPlan memory) {
        return fresh().config(names, memory);
    }

    private ServeCommand fresh() {
        List<String> words = spec.root().commandLine().getParseResult().originalArgs();
        ServeCommand fresh = new ServeCommand();
        Program.parse(
                new CommandLine(fresh),
                words.subList(words.indexOf(spec.name()) + 1, words.size()).toArray(String[]::new));
        return fresh;
    }
}
