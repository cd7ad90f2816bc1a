package io.github.ttt4rec.data;

/**
 * The kind of each event of a log, which is the number of the rule that matched it; see {@link EventRoles}.
 *
 * @param roles the rules
 * @param ofEvent the kind of each event, parallel to {@link Dataset#events()}; must not be modified
 */
public record EventKinds(EventRoles roles, byte[] ofEvent) {
    /** Returns whether event {@code at} is a prediction target. */
    public boolean isTarget(int at) {
        return rule(at).role() == EventRoles.Role.TARGET;
    }

    /** The factor of the loss of predicting event {@code at} in training; 0 if it is not predicted. */
    public float lossWeight(int at) {
        return (float) rule(at).weight();
    }

    /** Returns whether losses in training have different factors. */
    public boolean weighLosses() {
        return roles.kinds().stream().anyMatch(rule -> rule.weight() != 0 && rule.weight() != 1);
    }

    /** Returns whether some event is only an input. */
    public boolean haveInputs() {
        for (int at = 0; at < ofEvent.length; at++) {
            if (!isTarget(at)) {
                return true;
            }
        }
        return false;
    }

    private EventRoles.Rule rule(int at) {
        return roles.kinds().get(ofEvent[at]);
    }
}
