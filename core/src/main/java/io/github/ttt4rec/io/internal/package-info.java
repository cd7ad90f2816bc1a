/**
 * The files themselves: safetensors, model directories, series of models and checkpoints, all written so that a crash or a full disk
 * leaves the old content in place. Nothing here is API: {@code TrainedModel} saves and loads, {@code Training} resumes.
 */
@NullMarked
package io.github.ttt4rec.io.internal;

import org.jspecify.annotations.NullMarked;
