package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.catalogue.Scenario;

/**
 * A scenario as it is stored.
 *
 * @param scenario the scenario
 * @param definition its form as JSON
 */
public record StoredScenario(Scenario scenario, String definition) {}
