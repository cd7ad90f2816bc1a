/**
 * The interfaces of a network: it maps sequences to one vector per position and keeps a user's state. The networks
 * themselves are in {@code ttt} and {@code baseline}. Nothing here depends on files, data sets or training.
 */
@NullMarked
package io.github.ttt4rec.model;

import org.jspecify.annotations.NullMarked;
