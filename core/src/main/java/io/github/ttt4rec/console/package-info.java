/** Helpers for programs that use this library: the Vector API loaded without a warning, an end in good order on Ctrl-C, times. */
@NullMarked
package io.github.ttt4rec.console;

import org.jspecify.annotations.NullMarked;
