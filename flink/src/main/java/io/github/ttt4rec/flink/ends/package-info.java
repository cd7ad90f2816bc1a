/** The job's sources and sinks: event logs in files, Kafka topics, and the formats of rows. */
@NullMarked
package io.github.ttt4rec.flink.ends;

import org.jspecify.annotations.NullMarked;
