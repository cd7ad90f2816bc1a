/** Compares the models' float32 code with reference files computed elsewhere in float64. */
@NullMarked
package io.github.ttt4rec.lab.parity;

import org.jspecify.annotations.NullMarked;
