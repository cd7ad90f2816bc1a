/** What programs with this library need of the JVM: the Vector API loaded without a warning, an end in good order on Ctrl-C. */
@NullMarked
package io.github.ttt4rec.console;

import org.jspecify.annotations.NullMarked;
