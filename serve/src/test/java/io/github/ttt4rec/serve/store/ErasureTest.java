package io.github.ttt4rec.serve.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that no file of the store contains the bytes of a forgotten user's id or of the events' ids. */
class ErasureTest {
    private static final long SEED = 18;
    private static final int USERS = 300;

    @TempDir
    private Path directory;

    private static String user(int number) {
        return "person-" + number + "-name";
    }

    /** Ids of many lengths, so that pages are split and merged in many ways. */
    private static String eventId(int user, int number, SplittableRandom random) {
        return "order-" + user + "-" + number + "-of-person" + "x".repeat(random.nextInt(120));
    }

    private static void awaitErased(EventStore store) throws InterruptedException {
        for (int i = 0; i < 600 && store.erasing(); i++) {
            Thread.sleep(100);
        }
        assertThat(store.erasing()).isFalse();
    }

    private List<String> filesWith(List<String> texts) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                texts.stream().filter(content::contains).forEach(text -> found.add(file.getFileName() + ": " + text));
            }
        }
        return found;
    }

    @Test
    void nothingIsLeftOfForgottenUsersUnderLoad() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        List<String> gone = new ArrayList<>();
        try (EventStore store =
                EventStore.open(directory.resolve("state.db"), new StoreConfig(Durability.OFF, 0, Duration.ZERO))) {
            for (int number = 0; number < 40; number++) {
                List<Event> events = new ArrayList<>();
                for (int user = 0; user < USERS; user++) {
                    if (random.nextInt(3) == 0) {
                        events.add(
                                new Event(user(user), "item" + random.nextInt(50), 0, eventId(user, number, random)));
                    }
                }
                store.append(events);
            }
            AtomicBoolean done = new AtomicBoolean();
            Thread load = Thread.ofVirtual().start(() -> {
                SplittableRandom other = new SplittableRandom(SEED + 1);
                for (int i = 0; !done.get(); i++) {
                    store.append(List.of(new Event("load" + other.nextInt(100), "item1", 0, "load" + i)));
                }
            });
            for (int user = 0; user < USERS; user += 1 + random.nextInt(3)) {
                assertThat(store.forget(user(user))).isTrue();
                gone.add(user(user));
                gone.add("order-" + user + "-");
            }
            awaitErased(store);
            assertThat(filesWith(gone)).as("while it runs, seed %d", SEED).isEmpty();
            done.set(true);
            load.join();
        }
        assertThat(filesWith(gone)).as("after it was closed, seed %d", SEED).isEmpty();
    }

    @Test
    void forgettingInABackupLeavesNothingAndOthersWhole() throws IOException {
        Path backup = directory.resolve("backup.db");
        try (EventStore store = EventStore.open(directory.resolve("state.db"), StoreConfig.defaults())) {
            for (int user = 0; user < 50; user++) {
                store.append(List.of(new Event(user(user), "i", 0, "order-" + user + "-0")));
            }
            store.backup(backup);
        }
        Files.delete(directory.resolve("state.db"));
        assertThat(EventStore.forget(backup, user(7))).isTrue();
        assertThat(EventStore.forget(backup, user(7))).isFalse();
        assertThat(filesWith(List.of(user(7), "order-7-"))).isEmpty();
        try (EventStore store = EventStore.open(backup, StoreConfig.defaults())) {
            assertThat(store.statistics().users()).isEqualTo(49);
            assertThat(store.events(user(8))).hasSize(1);
        }
    }
}
