/**
 * The interfaces of a network: sequences in, one vector for each position out, and a user's state. The networks themselves are in
 * {@code ttt} and {@code baseline}. Nothing here knows files, data sets or training.
 */
@NullMarked
package io.github.ttt4rec.model;

import org.jspecify.annotations.NullMarked;
