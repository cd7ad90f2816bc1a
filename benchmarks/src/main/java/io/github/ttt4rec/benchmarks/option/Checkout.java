package io.github.ttt4rec.benchmarks.option;

import io.github.ttt4rec.UserFacingException;
import java.nio.file.Path;
import java.util.List;

/**
 * The checkout of the repository from which {@code benchmarks/run} was started.
 *
 * @param home its directory
 */
public record Checkout(Path home) {
    /** Returns the checkout; throws {@link UserFacingException} if the program was started in another way. */
    public static Checkout current() {
        String home = System.getProperty("ttt4rec.home");
        if (home == null) {
            throw new UserFacingException("start this by benchmarks/run, which passes the path of ttt4rec");
        }
        return new Checkout(Path.of(home));
    }

    /** Returns the words that start the command line. */
    public List<String> launcher() {
        return List.of(home.resolve("ttt4rec").toString());
    }

    /** Returns the log of the bundled shop. */
    public Path shopLog() {
        return home.resolve("demo").resolve("online-retail.csv.gz");
    }
}
