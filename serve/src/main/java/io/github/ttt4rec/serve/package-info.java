/** Serving: what the packages below share. */
@NullMarked
package io.github.ttt4rec.serve;

import org.jspecify.annotations.NullMarked;
