package io.github.ttt4rec.serve.store;

import java.nio.file.Path;

/** A process that opens a store and prints the result. */
final class OpeningChild {
    private OpeningChild() {}

    public static void main(String[] args) {
        try (EventStore store = EventStore.open(Path.of(args[0]), StoreConfig.defaults())) {
            System.out.println("opened with " + store.statistics().users() + " users");
        } catch (RuntimeException refused) {
            System.out.println(refused.getMessage());
        }
    }
}
