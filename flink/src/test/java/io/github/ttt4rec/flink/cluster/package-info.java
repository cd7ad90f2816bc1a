/**
 * A Flink cluster of real processes on the loopback interface, with a Kafka broker, and a run on it that kills, rescales and
 * upgrades. {@code flink/cluster} runs it in full, {@code ClusterIT} in short.
 */
@NullMarked
package io.github.ttt4rec.flink.cluster;

import org.jspecify.annotations.NullMarked;
