@NullMarked
package io.github.ttt4rec;

import org.jspecify.annotations.NullMarked;
