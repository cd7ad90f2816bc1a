/**
 * The file formats: safetensors, model directories, series of models and checkpoints, all written so that a crash or a
 * full disk leaves the old content in place. Nothing here is API; use {@code TrainedModel} to save and load, and
 * {@code Training} to resume.
 */
@NullMarked
package io.github.ttt4rec.io.internal;

import org.jspecify.annotations.NullMarked;
