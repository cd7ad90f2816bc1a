@NullMarked
package io.github.ttt4rec.autograd;

import org.jspecify.annotations.NullMarked;
