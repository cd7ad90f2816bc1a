package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.catalogue.ItemRecord;
import io.github.ttt4rec.catalogue.ScenarioJson;
import io.github.ttt4rec.cli.retrain.RetrainSchedule;
import io.github.ttt4rec.cli.retrain.Retrainer;
import io.github.ttt4rec.kernels.Kernels;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.EngineConfig;
import io.github.ttt4rec.serve.engine.EngineStatistics;
import io.github.ttt4rec.serve.engine.ModelInfo;
import io.github.ttt4rec.serve.http.RecommendationServer;
import io.github.ttt4rec.serve.http.ServerConfig;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreConfig;
import io.github.ttt4rec.terminal.ReloadSignal;
import io.github.ttt4rec.terminal.StopSignals;
import io.github.ttt4rec.terminal.Text;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParameterException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs a server until a signal arrives, then shuts it down in order. It starts to listen last, when everything else is
 * ready.
 */
public final class Serving {
    private final PrintWriter out;
    private final PrintWriter err;
    private final ServerConfig config;
    private final Supplier<ServerConfig> again;
    private List<ItemRecord> items = List.of();
    private Map<String, String> scenarios = Map.of();
    /** Null if the server does not retrain. */
    private RetrainSchedule.@Nullable Job retraining;

    /** {@code again} reads the options, and the files that they name, again at SIGHUP. */
    Serving(PrintWriter out, PrintWriter err, ServerConfig config, Supplier<ServerConfig> again) {
        this.out = out;
        this.err = err;
        this.config = config;
        this.again = again;
    }

    /** Schedules retraining during serving. */
    void retrain(RetrainSchedule.Job job) {
        retraining = job;
    }

    /** Sets the attributes of items to store before serving. */
    void items(List<ItemRecord> attributes) {
        items = attributes;
    }

    /** Sets scenarios to store before serving: the JSON of each by its name, which must be valid. */
    void scenarios(Map<String, String> definitions) {
        scenarios = definitions;
    }

    /** Serves {@code model} under its {@code name}, with the event store in {@code file}. */
    void run(TrainedModel model, String name, Path file, StoreConfig storeConfig, EngineConfig engineConfig)
            throws InterruptedException {
        run(model, name, file, storeConfig, engineConfig, List.of());
    }

    /** Serves a model after adding events to the store. */
    void run(
            TrainedModel model,
            String name,
            Path file,
            StoreConfig storeConfig,
            EngineConfig engineConfig,
            List<Event> first)
            throws InterruptedException {
        CountDownLatch stop = new CountDownLatch(1);
        try (Engine engine = Engine.open(model, EventStore.open(file, storeConfig), engineConfig)) {
            if (!items.isEmpty()) {
                line(Text.format(
                        "read the attributes of %,d items; %,d of them were new or had changed",
                        items.size(), engine.putChangedItems(items)));
            }
            scenarios.forEach((scenario, definition) -> {
                JsonNode json = JsonMapper.shared().readTree(definition);
                engine.putScenario(
                        ScenarioJson.read(scenario, json, engine.catalogue().types(), Integer.MAX_VALUE),
                        json.toString());
            });
            if (!first.isEmpty()) {
                engine.append(first);
            }
            try (RecommendationServer server = RecommendationServer.start(engine, config);
                    ReloadSignal _ = new ReloadSignal(() -> reload(server));
                    StopSignals signals = new StopSignals(signal -> {
                        line("stopping: requests in progress are finished, new ones refused; a second signal kills");
                        stop.countDown();
                    })) {
                print(server, engine, name, file, storeConfig);
                engine.notes().forEach(this::line);
                server.warnings().forEach(this::line);
                try (Retrainer _ = retraining == null ? null : Retrainer.start(retraining, engine, this::line)) {
                    while (!signals.stopped()) {
                        stop.await();
                    }
                }
            }
        }
    }

    /** Reloads the options. If any of them is wrong, changes nothing. */
    private void reload(RecommendationServer server) {
        try {
            server.reload(again.get());
            line("reloaded limits, tokens and certificate");
        } catch (UserFacingException | ParameterException e) {
            line("nothing was changed: " + e.getMessage());
        }
    }

    private void print(RecommendationServer server, Engine engine, String name, Path file, StoreConfig storeConfig) {
        ModelInfo model = engine.model();
        EngineStatistics statistics = engine.statistics();
        out.println("Serving at " + server.uri());
        out.println(Text.format(
                "  model    %s: %s, %,d items, version %s", name, model.type(), model.items(), model.version()));
        if (!model.leftOut().isEmpty()) {
            out.println(Text.format(
                    "           without %,d items that were added to an earlier model: it has no items similar to them",
                    model.leftOut().size()));
        }
        out.println("  policy   " + model.policy().name().toLowerCase(Locale.ROOT));
        out.println(Text.format(
                "  store    %s: %,d events of %,d users, durability %s",
                file,
                statistics.events(),
                statistics.users(),
                storeConfig.durability().name().toLowerCase(Locale.ROOT)));
        out.println("  kernels  " + Kernels.active().name());
        out.println("  access   "
                + (config.tokens().guardClients()
                        ? "with a token"
                        : "without tokens: everyone on this machine may do everything"));
        out.println("Ctrl-C stops it.");
        out.flush();
    }

    /** Prints a message on standard error. */
    void line(String text) {
        err.println("ttt4rec: " + text);
        err.flush();
    }
}
