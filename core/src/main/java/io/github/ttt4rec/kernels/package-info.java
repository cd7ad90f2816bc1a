@NullMarked
package io.github.ttt4rec.kernels;

import org.jspecify.annotations.NullMarked;
