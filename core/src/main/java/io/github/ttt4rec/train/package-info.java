@NullMarked
package io.github.ttt4rec.train;

import org.jspecify.annotations.NullMarked;
