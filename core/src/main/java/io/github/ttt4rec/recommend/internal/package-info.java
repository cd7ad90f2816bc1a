/** Counts that a running service learns from the events of all users, in terms of item ids. */
@NullMarked
package io.github.ttt4rec.recommend.internal;

import org.jspecify.annotations.NullMarked;
