/**
 * The interfaces of a recommender, with or without a network: its configuration, the part of a history that it reads,
 * the scoring of evaluation cases and of live users, and the filter of items.
 */
@NullMarked
package io.github.ttt4rec.recommend;

import org.jspecify.annotations.NullMarked;
