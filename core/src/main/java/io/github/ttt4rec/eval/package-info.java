@NullMarked
package io.github.ttt4rec.eval;

import org.jspecify.annotations.NullMarked;
