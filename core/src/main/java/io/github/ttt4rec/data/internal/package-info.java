/**
 * Helpers for the data sets: ids and times. Nothing here is API, and nothing here depends on the package {@code data}.
 */
@NullMarked
package io.github.ttt4rec.data.internal;

import org.jspecify.annotations.NullMarked;
