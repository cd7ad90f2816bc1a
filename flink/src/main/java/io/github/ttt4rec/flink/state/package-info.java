/** The values that flow through the job or are part of its state, with their versioned serializers. */
@NullMarked
package io.github.ttt4rec.flink.state;

import org.jspecify.annotations.NullMarked;
