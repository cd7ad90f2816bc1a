package io.github.ttt4rec.flink.ends;

import io.github.ttt4rec.flink.state.Row;
import io.github.ttt4rec.flink.state.UserRecommendations;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.serialization.Encoder;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.streaming.api.functions.sink.filesystem.OutputFileConfig;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.BasePathBucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;
import org.jspecify.annotations.Nullable;

/** Creates sources and sinks of files. */
public final class LogFiles {
    /** The prefix of output file names. */
    public static final String PREFIX = "answers";

    private LogFiles() {}

    /**
     * Creates a source of a file, or of all files in a directory.
     *
     * @param watch how often to look for new files in the directory; null to end after the files that exist at the
     *     start
     */
    public static FileSource<Row> source(Path path, RowFormat format, @Nullable Duration watch) {
        FileSource.FileSourceBuilder<Row> source =
                FileSource.forBulkFileFormat(format, new org.apache.flink.core.fs.Path(path.toUri()));
        return (watch == null ? source : source.monitorContinuously(watch)).build();
    }

    /**
     * Creates a sink that writes recommendations as JSON Lines. A checkpoint or the end of the job completes each file.
     */
    public static FileSink<UserRecommendations> sink(Path directory) {
        return FileSink.forRowFormat(new org.apache.flink.core.fs.Path(directory.toUri()), new Lines())
                .withBucketAssigner(new BasePathBucketAssigner<>())
                .withRollingPolicy(OnCheckpointRollingPolicy.build())
                .withOutputFileConfig(new OutputFileConfig(PREFIX, ".ndjson"))
                .build();
    }

    private static final class Lines implements Encoder<UserRecommendations> {
        private static final long serialVersionUID = 1L;

        @Override
        public void encode(UserRecommendations answer, OutputStream stream) throws IOException {
            stream.write(UserRecommendationsJson.bytes(answer));
            stream.write('\n');
        }
    }
}
