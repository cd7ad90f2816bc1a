package io.github.ttt4rec.serve.store;

/**
 * How often items at one place of a scenario's lists were shown and taken.
 *
 * @param scenario the scenario
 * @param place the place, from 1; the last one stands for all beyond it too
 * @param shown items shown there
 * @param taken those of them of which the user had an event within a day
 */
public record PlaceFigures(String scenario, int place, long shown, long taken) {}
