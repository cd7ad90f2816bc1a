package io.github.ttt4rec.cli.command;

import io.github.ttt4rec.UserFacingException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Lists the command {@code stream}, which is a separate program that contains Flink, and says how to start it. */
@Command(
        name = "stream",
        description = "Recommend from a stream of events on Apache Flink: events in, recommendations out.")
public final class StreamStub implements Callable<Integer> {
    @Unmatched
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() {
        throw new UserFacingException(
                "stream needs Flink, which this program does not contain: start it by ./ttt4rec stream, or submit"
                        + " flink/target/lib/ttt4rec-flink.jar to a cluster ("
                        + arguments.size() + " arguments ignored)");
    }
}
