package io.github.ttt4rec.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.recommend.CaseBlock;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.recommend.Recommendations;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionTest {
    @TempDir
    private static Path directory;

    private static Split split;
    private static TrainedModel model;

    @BeforeAll
    static void train() throws InterruptedException {
        RunConfig config = Logs.small(3);
        split = config.open(Logs.write(directory, 60));
        model = Training.run(split, config);
    }

    @Test
    void scoresWhatTheEvaluatedModelScores() {
        int maxLen = model.config().train().maxLen();
        float[] expected = new float[model.items().size() + 1];
        for (int user = 0; user < 10; user++) {
            Session session = model.newSession();
            for (int position = 1; position <= maxLen; position++) {
                session.append(model.items().name(split.data().item(user, position - 1)));
                model.recommender()
                        .newScorer()
                        .score(new CaseBlock(split.data(), new int[] {user}, new int[] {position}), expected);
                float[] scores = session.score().clone();
                for (int item = 1; item < scores.length; item++) {
                    assertThat(scores[item]).isCloseTo(expected[item], within(1e-4f));
                }
            }
            assertThat(session.events()).isEqualTo(maxLen);
        }
    }

    @Test
    void recommendsWhatTheModelRecommendsForTheSameHistory() {
        Session session = model.newSession();
        List.of("i1", "i2", "i3").forEach(session::append);
        assertThat(session.recommend(7)).isEqualTo(model.recommend(List.of("i1", "i2", "i3"), 7));
        assertThat(session.recommend(100, ItemFilter.UNSEEN))
                .hasSize(Logs.ITEMS - 3)
                .extracting(Recommendation::item)
                .doesNotContain("i1", "i2", "i3");
    }

    @Test
    void oneMoreEventChangesTheList() {
        Session session = model.newSession();
        session.append("i1");
        List<Recommendation> before = session.recommend(5);
        assertThat(session.recommend(5)).as("asking changes nothing").isEqualTo(before);
        session.append("i12");
        assertThat(session.recommend(5)).isNotEqualTo(before);
    }

    @Test
    void unknownItemIsRefusedAndLeavesTheSessionAsItWas() {
        Session session = model.newSession();
        session.append("i1");
        List<Recommendation> before = session.recommend(5);
        assertThatThrownBy(() -> session.append("nothing"))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("unknown item \"nothing\"");
        assertThat(session.events()).isEqualTo(1);
        assertThat(session.recommend(5)).isEqualTo(before);
    }

    @Test
    void newSessionRecommendsPopularItemsAndSaysSo() {
        assertThat(model.newSession().recommend(5)).isEqualTo(model.recommend(List.of(), 5));
        assertThat(model.newSession().recommend(5).basis()).isEqualTo(Recommendations.Basis.POPULARITY);
    }
}
