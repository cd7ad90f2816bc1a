/**
 * The best of a catalogue, of any size. {@link io.github.ttt4rec.retrieval.ExactScan} scores every item;
 * {@link io.github.ttt4rec.retrieval.CodedScan} reads an eighth of the memory and settles by exact scores what its bounds
 * leave open. Both give the same list to the bit, best first, the smaller index first where scores are equal. Start with
 * {@link io.github.ttt4rec.retrieval.Retriever}.
 */
@NullMarked
package io.github.ttt4rec.retrieval;

import org.jspecify.annotations.NullMarked;
