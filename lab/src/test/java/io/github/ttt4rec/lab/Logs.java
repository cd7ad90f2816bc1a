package io.github.ttt4rec.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** A small synthetic log with a pattern to learn: item i is mostly followed by item i + 1. */
public final class Logs {
    private static final int ITEMS = 20;
    private static final int SEED = 7;

    private Logs() {}

    /** Writes {@code users} users with 6 to 12 events. */
    public static Path writeUneven(Path file, int users) {
        SplittableRandom random = new SplittableRandom(SEED);
        StringBuilder text = new StringBuilder("user,item,time\n");
        for (int user = 0; user < users; user++) {
            int item = random.nextInt(ITEMS);
            for (int t = 0; t < 6 + user % 7; t++) {
                text.append("u" + user + ",i" + item + "," + (1_600_000_000 + 1000 * t + user) + "\n");
                item = random.nextInt(10) == 0 ? random.nextInt(ITEMS) : (item + 1) % ITEMS;
            }
        }
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
