package io.github.ttt4rec.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.testing.Repository;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The presets in the repository are valid configurations with the paper's filters and lengths. */
class PresetsTest {
    @ParameterizedTest
    @CsvSource({"amazon, 5, 5, 50", "gowalla, 20, 5, 100", "twitch-100k, 15, 5, 70"})
    void holdsThePapersFiltersAndLength(String name, int userEvents, int itemEvents, int maxLen) {
        RunConfig config =
                RunConfigs.read(Repository.root().resolve("presets").resolve(name + ".yaml"), RunConfig.defaults());
        assertThat(config.data()).isEqualTo(PrepareOptions.defaults().withCore(userEvents, itemEvents));
        assertThat(config.train().maxLen()).isEqualTo(maxLen);
        assertThat(config.split().spec()).isEqualTo("3:2:5");
    }
}
