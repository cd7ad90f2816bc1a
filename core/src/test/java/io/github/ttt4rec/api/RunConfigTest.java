package io.github.ttt4rec.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.SplitSpec;
import io.github.ttt4rec.train.EpochRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunConfigTest {
    private static final RunConfig CONFIG = RunConfigs.set(
            RunConfig.defaults().withData(PrepareOptions.keepAll()).withSplit(SplitSpec.parse("leave-one-out")),
            List.of("hidden_size=8", "num_heads=2", "intermediate_size=16", "max_len=8", "epochs=2"));

    @TempDir
    private Path directory;

    private record Purchase(String customer, String product, Instant time) {}

    private static List<Purchase> purchases() {
        List<Purchase> purchases = new ArrayList<>();
        for (int user = 0; user < 20; user++) {
            for (int step = 0; step < 6; step++) {
                purchases.add(new Purchase(
                        "u" + user, "i" + (user + step) % 9, Instant.ofEpochSecond(1_600_000_000 + 100 * step + user)));
            }
        }
        return purchases;
    }

    @Test
    void eventsOfAnApplicationAreSplitLikeThoseOfAFile() throws IOException {
        StringBuilder text = new StringBuilder("user,item,time\n");
        for (Purchase purchase : purchases()) {
            text.append(String.join(
                            ",",
                            purchase.customer(),
                            purchase.product(),
                            purchase.time().toString()))
                    .append('\n');
        }
        Path file = Files.writeString(directory.resolve("events.csv"), text);
        Split read = CONFIG.open(file);
        Split listed = CONFIG.open(purchases(), Purchase::customer, Purchase::product, Purchase::time);
        Split streamed = CONFIG.open(purchases().stream(), Purchase::customer, Purchase::product, Purchase::time);
        for (Split split : List.of(listed, streamed)) {
            assertThat(split.data().events()).isEqualTo(read.data().events());
            assertThat(split.data().offsets()).isEqualTo(read.data().offsets());
            assertThat(split.data().times()).isEqualTo(read.data().times());
            assertThat(split.data().items().name(1))
                    .isEqualTo(read.data().items().name(1));
            assertThat(split.cases(Split.Part.TEST)).isEqualTo(read.cases(Split.Part.TEST));
        }
    }

    @Test
    void eventsWithoutTimesAreInTheOrderGiven() {
        Split split = CONFIG.open(purchases(), Purchase::customer, Purchase::product, purchase -> null);
        assertThat(split.data().hasTimes()).isFalse();
        assertThat(split.data().events()).hasSize(120);
        assertThatThrownBy(
                        () -> CONFIG.open(List.<Purchase>of(), Purchase::customer, Purchase::product, Purchase::time))
                .isInstanceOf(UserFacingException.class)
                .hasMessage("there are no events");
    }

    @Test
    void trainingHandsOverEachEpoch() throws InterruptedException {
        Split split = CONFIG.open(purchases(), Purchase::customer, Purchase::product, Purchase::time);
        List<EpochRecord> epochs = new ArrayList<>();
        TrainedModel model = Training.run(split, CONFIG, epochs::add);
        assertThat(epochs).extracting(EpochRecord::epoch).containsExactly(1, 2);
        assertThat(model.provenance().epochs()).isEqualTo(2);
        assertThat(model.evaluate(split).cases()).isEqualTo(split.cases(Split.Part.TEST));
    }
}
