package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.UserFacingException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Lists the command {@code stream}, which is a program of its own with Flink in it, and says how to start that. */
@Command(name = "stream", description = "Follow users with a model on Apache Flink: events in, recommendations out.")
public final class StreamStub implements Callable<Integer> {
    @Unmatched
    private List<String> arguments = List.of();

    /** For picocli. */
    public StreamStub() {}

    @Override
    public Integer call() {
        throw new UserFacingException("stream runs on Flink, which this program does not carry: start it by ./ttt4rec"
                + " stream, or submit flink/target/lib/ttt4rec-flink.jar to a cluster (" + arguments.size()
                + " arguments not looked at)");
    }
}
