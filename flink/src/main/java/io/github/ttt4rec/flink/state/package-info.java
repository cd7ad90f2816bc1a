/** The values that pass through the job or stay in its state, with their versioned serializers. */
@NullMarked
package io.github.ttt4rec.flink.state;

import org.jspecify.annotations.NullMarked;
