/**
 * Finds the best items of a catalogue of any size. {@link io.github.ttt4rec.internal.retrieval.ExactScan} scores every
 * item; {@link io.github.ttt4rec.internal.retrieval.CodedScan} reads an eighth of the memory and scores exactly only
 * the items that its bounds cannot exclude. Both give bit-identical results: best first, ties by the smaller index.
 * Start with {@link io.github.ttt4rec.internal.retrieval.Retriever}.
 */
@NullMarked
package io.github.ttt4rec.internal.retrieval;

import org.jspecify.annotations.NullMarked;
