/**
 * The networks, written top to bottom as in the papers. Networks know parameters and the tape, and nothing about files,
 * data sets or training.
 */
@NullMarked
package io.github.ttt4rec.model;

import org.jspecify.annotations.NullMarked;
