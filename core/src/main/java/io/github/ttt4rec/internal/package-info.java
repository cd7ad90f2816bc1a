/** Helpers that the modules of this project share: files, JSON, YAML, threads, ranges. Nothing here is API. */
@NullMarked
package io.github.ttt4rec.internal;

import org.jspecify.annotations.NullMarked;
