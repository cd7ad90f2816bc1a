package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.Experiment;
import io.github.ttt4rec.serve.engine.ExperimentView;
import io.github.ttt4rec.serve.engine.MemoryPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Experiments: started, shown, ended. */
final class ExperimentsEndpoint {
    private static final System.Logger LOGGER = System.getLogger(ExperimentsEndpoint.class.getName());
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final String NAME_FIELD = "name";
    private static final String DIRECTORY = "directory";
    private static final String WEIGHT = "weight";
    private static final String SMALLEST_EFFECT = "smallest_effect";
    private static final double DEFAULT_EFFECT = 0.01;
    private static final int MAX_WEIGHT = 1_000;

    private final Engine engine;
    private final @Nullable Path models;
    private final MemoryPlan memory;
    private final ReentrantLock changing = new ReentrantLock();

    ExperimentsEndpoint(Engine engine, ServerConfig config) {
        this.engine = engine;
        this.models = config.files().models();
        this.memory = config.memory();
        engine.storedExperiments().forEach(this::resume);
    }

    /** Goes on with an experiment of the server before. */
    private void resume(String name, String definition) {
        try {
            engine.resumeExperiment(experiment(JsonMapper.shared().readTree(definition)), definition, this::load);
        } catch (Problem | InvalidField | UserFacingException failure) {
            memory.ended(null);
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "the experiment " + name + " cannot continue, all users get the served model: "
                            + failure.getMessage());
        }
    }

    Response list(Call call) {
        return Response.json(Json.write(json -> {
            json.writeArrayPropertyStart("experiments");
            ExperimentView view = engine.experiment();
            if (view != null) {
                json.writeStartObject();
                write(json, view);
                json.writeEndObject();
            }
            json.writeEndArray();
        }));
    }

    Response start(Call call) {
        JsonNode body = Json.read(call.body());
        Experiment experiment;
        try {
            experiment = experiment(body);
        } catch (UserFacingException e) {
            throw new InvalidField("arms", String.valueOf(e.getMessage()));
        }
        if (!changing.tryLock()) {
            throw Problem.of(409, "another experiment is being started: wait for it");
        }
        try {
            if (engine.experiment() != null) {
                throw Problem.of(409, "an experiment is running: end it first");
            }
            engine.startExperiment(experiment, body.toString(), this::load);
        } catch (UserFacingException e) {
            // The operator knows where the directory is, the client has its name.
            throw Problem.of(
                    422,
                    "this experiment cannot be started: "
                            + String.valueOf(e.getMessage()).replace(String.valueOf(models), ""));
        } finally {
            if (engine.experiment() == null) {
                memory.ended(null);
            }
            changing.unlock();
        }
        return list(call);
    }

    Response end(Call call) {
        String keep = new Fields(Json.read(call.body()), Set.of("keep")).text("keep");
        ExperimentView running = engine.experiment();
        if (running == null || !running.experiment().name().equals(call.id("experiment"))) {
            throw Problem.notFound("no experiment of this name is running");
        }
        if (running.arms().stream().noneMatch(arm -> arm.definition().name().equals(keep))) {
            throw new InvalidField("keep", "keep: the experiment has no arm of this name");
        }
        engine.endExperiment(keep);
        String directory = running.arms().stream()
                .map(ExperimentView.Arm::definition)
                .filter(arm -> arm.name().equals(keep))
                .map(Experiment.Arm::directory)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        memory.ended(directory == null || models == null ? null : models.resolve(directory));
        return Response.json(Json.write(json -> {
            json.writeStringProperty("kept", keep);
            json.writeStringProperty("model_version", engine.model().version());
        }));
    }

    private TrainedModel load(String name) {
        if (models == null) {
            throw Problem.of(403, "this server was started without a directory to take models from");
        }
        Path directory = ModelEndpoint.directory(models, name)
                .orElseThrow(() -> Problem.notFound(
                        "no model directory of this name beside the model that the server was started with"));
        memory.requireRoomFor(directory);
        TrainedModel model = TrainedModel.load(directory);
        memory.added(directory);
        return model;
    }

    private static Experiment experiment(JsonNode body) {
        Fields fields = new Fields(body, Set.of(NAME_FIELD, "arms", SMALLEST_EFFECT));
        String name = name(fields, "the experiment");
        List<Experiment.Arm> arms = new ArrayList<>();
        for (JsonNode each : fields.values("arms", Experiment.MAX_ARMS)) {
            Fields arm = new Fields(each, Set.of(NAME_FIELD, DIRECTORY, WEIGHT));
            arms.add(new Experiment.Arm(
                    name(arm, "an arm"), arm.optionalText(DIRECTORY), arm.count(WEIGHT, 1, MAX_WEIGHT)));
        }
        return new Experiment(name, arms, fields.share(SMALLEST_EFFECT, DEFAULT_EFFECT));
    }

    private static String name(Fields fields, String of) {
        String name = fields.text(NAME_FIELD);
        if (!NAME.matcher(name).matches()) {
            throw new InvalidField(NAME_FIELD, "name: that of " + of + " has 1 to 64 letters, digits, _ and -");
        }
        return name;
    }

    private static void write(JsonGenerator json, ExperimentView view) {
        json.writeStringProperty(NAME_FIELD, view.experiment().name());
        json.writeNumberProperty(SMALLEST_EFFECT, view.experiment().smallestEffect());
        json.writeStringProperty("started", view.started().toString());
        json.writeArrayPropertyStart("arms");
        for (ExperimentView.Arm arm : view.arms()) {
            json.writeStartObject();
            json.writeStringProperty(NAME_FIELD, arm.definition().name());
            if (arm.definition().directory() != null) {
                json.writeStringProperty(DIRECTORY, arm.definition().directory());
            }
            json.writeNumberProperty(WEIGHT, arm.definition().weight());
            json.writeStringProperty("model_version", arm.version());
            json.writeNumberProperty("events", arm.events());
            json.writeNumberProperty("users", arm.users());
            json.writeNumberProperty("ndcg_10", arm.ndcg());
            if (arm.users() > 1) {
                json.writeNumberProperty("ndcg_10_half_width", arm.halfWidth());
            }
            ExperimentView.Comparison comparison = arm.comparison();
            if (comparison != null) {
                json.writeObjectPropertyStart("comparison");
                json.writeNumberProperty("difference", comparison.difference());
                json.writeNumberProperty("half_width", comparison.halfWidth());
                json.writeNumberProperty("p", comparison.p());
                json.writeNumberProperty("events_needed", comparison.eventsNeeded());
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
