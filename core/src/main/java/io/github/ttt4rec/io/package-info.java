@NullMarked
package io.github.ttt4rec.io;

import org.jspecify.annotations.NullMarked;
