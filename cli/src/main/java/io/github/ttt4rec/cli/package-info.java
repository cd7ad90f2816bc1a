@NullMarked
package io.github.ttt4rec.cli;

import org.jspecify.annotations.NullMarked;
