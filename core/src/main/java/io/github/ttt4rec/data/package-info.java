@NullMarked
package io.github.ttt4rec.data;

import org.jspecify.annotations.NullMarked;
