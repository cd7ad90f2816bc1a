package io.github.ttt4rec.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.testing.Repository;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Model directories written by an earlier version can be read and give the same recommendations as then. The models
 * were trained for 2 epochs on 40 users with 6 to 12 events each and 20 items.
 */
class EarlierModelsTest {
    @ParameterizedTest
    @CsvSource({
        "ttt4rec, 48db51b06354, i5 i4 i3 i10 i11, 0.2801 0.1123 0.0984 0.0639 0.0515",
        "gru4rec, 81197be65dfd, i13 i17 i12 i11 i15, 0.2040 0.1825 0.1609 0.1210 0.1118"
    })
    void earlierModelIsReadAndRecommendsAsBefore(String type, String version, String items, String scores) {
        TrainedModel model = TrainedModel.load(
                Repository.root().resolve("core/src/test/resources/saved").resolve(type));
        assertThat(model.config().model().type()).isEqualTo(type);
        assertThat(model.version()).isEqualTo(version);
        assertThat(model.provenance().bestEpoch()).isEqualTo(2);
        List<Recommendation> best = model.recommend(List.of("i3", "i4", "i5"), 5);
        assertThat(best).extracting(Recommendation::item).containsExactly(items.split(" ", -1));
        String[] expected = scores.split(" ", -1);
        for (int i = 0; i < expected.length; i++) {
            assertThat(best.get(i).score()).isEqualTo(Float.parseFloat(expected[i]), within(0.00005f));
        }
    }
}
