package io.github.ttt4rec.serve.store;

/**
 * The numbers of items shown and taken at one place of a scenario's lists.
 *
 * @param scenario the scenario
 * @param place the place, from 1; the last one includes all later places
 * @param shown the number of items shown there
 * @param taken the number of those that the user took within a day
 */
public record PlaceFigures(String scenario, int place, long shown, long taken) {}
