/**
 * The sequence models: what is computed, written top to bottom as in the papers. Models know parameters and the tape,
 * nothing of files, data sets or training.
 */
@NullMarked
package io.github.ttt4rec.model;

import org.jspecify.annotations.NullMarked;
