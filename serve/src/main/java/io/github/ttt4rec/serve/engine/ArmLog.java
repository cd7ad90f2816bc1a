package io.github.ttt4rec.serve.engine;

import java.util.HashMap;
import java.util.Map;

/** The NDCG@10 of an arm's ranked events since the experiment's start. Keeps two numbers for each user. Thread-safe. */
final class ArmLog {
    /** The maximum number of users; events of further users are left out. */
    private static final int MAX_USERS = 200_000;

    private final Map<String, double[]> users = new HashMap<>();
    private double events;
    private double gains;
    /** The sums over users of squared gains, gains times events, and squared events. */
    private double gainsGains;

    private double gainsEvents;
    private double eventsEvents;

    /**
     * The figures of an arm.
     *
     * @param events ranked events
     * @param users the number of their users
     * @param mean NDCG@10
     * @param variance the variance of the mean, with users as the independent units (Liang and Zeger 1986)
     */
    record Figures(long events, int users, double mean, double variance) {}

    /** Adds a ranked event. */
    synchronized void add(String user, double gain) {
        double[] own = users.get(user);
        if (own == null) {
            if (users.size() == MAX_USERS) {
                return;
            }
            own = new double[2];
            users.put(user, own);
        }
        count(own, -1);
        own[0]++;
        own[1] += gain;
        count(own, 1);
    }

    /** Sets a user's events, as an earlier server counted them. */
    synchronized void restore(String user, long count, double gain) {
        if (users.size() < MAX_USERS) {
            double[] own = {count, gain};
            users.put(user, own);
            count(own, 1);
        }
    }

    /** Returns the number of a user's ranked events and the sum of their NDCG@10, {0, 0} if there are none. */
    synchronized double[] of(String user) {
        double[] own = users.get(user);
        return own == null ? new double[2] : own.clone();
    }

    /** Removes a user's events. */
    synchronized void forget(String user) {
        double[] own = users.remove(user);
        if (own != null) {
            count(own, -1);
        }
    }

    private void count(double[] own, int sign) {
        events += sign * own[0];
        gains += sign * own[1];
        gainsGains += sign * own[1] * own[1];
        gainsEvents += sign * own[1] * own[0];
        eventsEvents += sign * own[0] * own[0];
    }

    synchronized Figures figures() {
        if (events == 0) {
            return new Figures(0, 0, 0, 0);
        }
        double mean = gains / events;
        double squares = gainsGains - 2 * mean * gainsEvents + mean * mean * eventsEvents;
        return new Figures((long) events, users.size(), mean, Math.max(0, squares) / (events * events));
    }
}
