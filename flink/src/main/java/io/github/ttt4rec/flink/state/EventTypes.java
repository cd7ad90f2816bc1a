package io.github.ttt4rec.flink.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The types and values of a user's kept events, as they arrived, so that each model applies its own rules to them. Immutable;
 * no code writes to the array.
 *
 * @param names the type of each event, {@code ""} if it has none; empty if no event has one
 * @param values the value of each event, NaN if it has none; empty if no event has one
 */
public record EventTypes(List<String> names, double[] values) {
    /** The types of events that have none. */
    public static final EventTypes NONE = new EventTypes(List.of(), new double[0]);

    /** The type of an event by its place among the kept ones; {@code ""} if it has none. */
    public String name(int place) {
        return names.isEmpty() ? "" : names.get(place);
    }

    /** The value of an event by its place among the kept ones; NaN if it has none. */
    public double value(int place) {
        return values.length == 0 ? Double.NaN : values[place];
    }

    /** The types of {@code kept} events without the first {@code drop}, followed by that of one more. */
    EventTypes with(int kept, int drop, UserEvent event) {
        int before = kept - drop;
        List<String> moreNames = List.of();
        if (!names.isEmpty() || !event.type().isEmpty()) {
            moreNames = new ArrayList<>(names.isEmpty() ? Collections.nCopies(before, "") : names.subList(drop, kept));
            moreNames.add(event.type());
        }
        double[] moreValues = {};
        if (values.length > 0 || !Double.isNaN(event.value())) {
            moreValues = values.length > 0 ? Arrays.copyOfRange(values, drop, kept + 1) : unknown(before + 1);
            moreValues[before] = event.value();
        }
        return new EventTypes(moreNames, moreValues);
    }

    private static double[] unknown(int count) {
        double[] values = new double[count];
        Arrays.fill(values, Double.NaN);
        return values;
    }
}
