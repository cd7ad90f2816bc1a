/** Helpers that the packages of the server share. */
@NullMarked
package io.github.ttt4rec.serve;

import org.jspecify.annotations.NullMarked;
