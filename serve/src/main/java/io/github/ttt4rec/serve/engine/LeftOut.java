package io.github.ttt4rec.serve.engine;

/**
 * The number of items that one restriction of a list removed from the candidates which the restrictions before it left.
 *
 * @param by the restriction: {@value #AVAILABILITY}, {@value #REQUEST}, {@value Recommended#FILTER}, {@value
 *     Faded#IMPRESSIONS} or the name of a rule
 * @param items the number of items, at least 1
 */
public record LeftOut(String by, int items) {
    /** The name of the deny list and the items' time windows as a restriction. */
    static final String AVAILABILITY = "availability";

    /** The name of the items that the request includes, excludes or skips because the user had them. */
    static final String REQUEST = "request";
}
