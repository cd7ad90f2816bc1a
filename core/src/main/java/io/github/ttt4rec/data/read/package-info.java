/**
 * Reads interaction logs from files and memory. Start at {@link io.github.ttt4rec.data.read.Datasets}; its readers are private to
 * this package.
 */
@NullMarked
package io.github.ttt4rec.data.read;

import org.jspecify.annotations.NullMarked;
