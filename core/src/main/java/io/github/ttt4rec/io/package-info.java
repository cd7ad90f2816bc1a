/**
 * Files: safetensors, model directories and checkpoints, all written so that a crash or a full disk leaves the old
 * content in place. Knows data sets and item ids, but no model.
 */
@NullMarked
package io.github.ttt4rec.io;

import org.jspecify.annotations.NullMarked;
