package io.github.ttt4rec.eval;

import io.github.ttt4rec.data.Split;
import java.util.Locale;

/**
 * Describes how results were measured, so that none is reported without its protocol.
 *
 * @param split name of the split, such as {@code ratio 3:2:5}
 * @param part the evaluated part
 * @param items the number of items of the catalogue, V
 * @param protocol which cases counted and which items were ranked
 * @param window a description of how much of the history the recommender saw
 */
public record EvaluationProtocol(String split, Split.Part part, int items, Protocol protocol, String window) {
    /** A one-line description of the protocol. */
    public String describe() {
        return String.format(
                Locale.ROOT,
                "%s cases of split %s; full ranking of %,d items; protocol %s: %s; window: %s",
                partName(),
                split,
                items,
                protocol.word(),
                protocol.description(),
                window);
    }

    /** The part's name in lower case. */
    public String partName() {
        return partName(part);
    }

    static String partName(Split.Part part) {
        return part.name().toLowerCase(Locale.ROOT);
    }
}
