package io.github.ttt4rec.serve.store;

/**
 * An item that a user was shown and has not taken since.
 *
 * @param item the item
 * @param scenario where it was shown last
 * @param place its place there, from 1
 * @param shown how many times it was shown
 * @param timeMicros when it was shown last, in epoch microseconds
 */
public record ShownItem(String item, String scenario, int place, long shown, long timeMicros) {}
