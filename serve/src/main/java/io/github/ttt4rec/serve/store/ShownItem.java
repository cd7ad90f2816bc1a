package io.github.ttt4rec.serve.store;

/**
 * An item that a user was shown but has not taken since.
 *
 * @param item the item
 * @param scenario the scenario in which it was last shown
 * @param place its place in that list, from 1
 * @param shown the number of times it was shown
 * @param timeMicros the time at which it was last shown, in epoch microseconds
 */
public record ShownItem(String item, String scenario, int place, long shown, long timeMicros) {}
