package io.github.ttt4rec.serve.engine;

import io.github.ttt4rec.catalogue.Scenario;

/**
 * A stored scenario.
 *
 * @param scenario the scenario
 * @param definition the scenario as JSON
 */
public record StoredScenario(Scenario scenario, String definition) {}
