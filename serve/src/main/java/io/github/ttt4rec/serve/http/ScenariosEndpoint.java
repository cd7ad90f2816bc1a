package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.catalogue.InvalidExpressionException;
import io.github.ttt4rec.catalogue.Scenario;
import io.github.ttt4rec.catalogue.ScenarioJson;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.StoredScenario;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Stores, returns and removes the shop's scenarios, and finds them by name for lists. */
final class ScenariosEndpoint {
    /** The name of the parameter or member that gives a scenario. */
    static final String SCENARIO = "scenario";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private final Engine engine;
    private final Limits limits;

    ScenariosEndpoint(Engine engine, Limits limits) {
        this.engine = engine;
        this.limits = limits;
    }

    /**
     * Returns the scenario {@code name}, or the default one if it is null; throws {@link InvalidField} if none has that
     * name.
     */
    static @Nullable Scenario of(@Nullable String name, Engine engine) {
        StoredScenario found = engine.scenarios().get(name == null ? Scenario.DEFAULT : name);
        if (found == null && name != null) {
            throw Fields.unknown(SCENARIO, name, engine.scenarios().keySet());
        }
        return found == null ? null : found.scenario();
    }

    Response list(Call call) {
        return Response.json(Json.write(json -> {
            json.writeArrayPropertyStart("scenarios");
            engine.scenarios().keySet().stream().sorted().forEach(json::writeString);
            json.writeEndArray();
        }));
    }

    Response show(Call call) {
        StoredScenario found = engine.scenarios().get(call.id(SCENARIO));
        if (found == null) {
            throw unknown();
        }
        return Response.json(found.definition().getBytes(StandardCharsets.UTF_8));
    }

    Response put(Call call) {
        String name = call.id(SCENARIO);
        if (!NAME.matcher(name).matches()) {
            throw new InvalidField(SCENARIO, "scenario: a name has 1 to 64 letters, digits, _ and -");
        }
        JsonNode body = Json.read(call.body());
        try {
            Scenario scenario = ScenarioJson.read(name, body, engine.catalogue().types(), limits.k());
            engine.putScenario(scenario, body.toString());
        } catch (InvalidExpressionException e) {
            throw Filters.problem(String.valueOf(e.getMessage()), String.valueOf(e.field()), e.column());
        }
        return Response.json(Json.write(json -> json.writeStringProperty(SCENARIO, name)));
    }

    Response remove(Call call) {
        if (!engine.removeScenario(call.id(SCENARIO))) {
            throw unknown();
        }
        return Response.empty(204);
    }

    private static Problem unknown() {
        return Problem.notFound("no scenario of this name");
    }
}
