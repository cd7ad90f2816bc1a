/**
 * Published networks to compare TTT4Rec with, as RecBole implements them: with its parameter names, initialisation and
 * defaults, and d = 64. They are trained, evaluated and served like any other
 * {@link io.github.ttt4rec.model.SequenceModel}.
 */
@NullMarked
package io.github.ttt4rec.baseline;

import org.jspecify.annotations.NullMarked;
