package io.github.ttt4rec.lab.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.api.RecommenderTypes;
import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.RunConfigs;
import io.github.ttt4rec.lab.tune.Domain.Choice;
import io.github.ttt4rec.lab.tune.Domain.Numeric;
import io.github.ttt4rec.lab.tune.Domain.Real;
import io.github.ttt4rec.lab.tune.Domain.Whole;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SearchSpaceTest {
    private static RunConfig subject(String type) {
        return RunConfigs.ofType(type, null, List.of());
    }

    @Test
    void rangesAreRead() {
        assertThat(Domain.parse("log(1e-4, 1e-2)"))
                .isEqualTo(new Real(1e-4, 1e-2, true))
                .hasToString("log(0.0001,0.01)");
        assertThat(Domain.parse(" uniform(0,0.5) "))
                .isEqualTo(new Real(0, 0.5, false))
                .hasToString("uniform(0,0.5)");
        assertThat(Domain.parse("int(1,3)")).isEqualTo(new Whole(1, 3, false)).hasToString("int(1,3)");
        assertThat(Domain.parse("logint(8,512)"))
                .isEqualTo(new Whole(8, 512, true))
                .hasToString("logint(8,512)");
        assertThat(Domain.parse("choice(32,0.5,linear,true)"))
                .isEqualTo(new Choice(List.of(32, 0.5, "linear", true)))
                .hasToString("choice(32,0.5,linear,true)");
        SearchSpace space = SearchSpace.parse(
                List.of("learning_rate=log(1e-4,1e-2)", "model.layer=choice(linear,mlp)", "mini_batch_size=int(1,16)"),
                subject("ttt4rec"));
        assertThat(space.dimensions())
                .extracting(SearchSpace.Dimension::path)
                .containsExactly("train.learning_rate", "model.layer", "model.mini_batch_size");
    }

    @ParameterizedTest
    @MethodSource("types")
    void everyTypeHasADefaultSpaceAroundItsDefaults(String type) {
        RunConfig subject = subject(type);
        SearchSpace space = SearchSpace.parse(DefaultSpaces.of(type), subject);
        assertThat(space.contains(space.valuesOf(subject)))
                .as("the default is the first trial: %s", space.valuesOf(subject))
                .isTrue();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 30; i++) {
            Map<String, Object> values = space.sample(random);
            assertThatCode(() -> RunConfigs.with(subject, values, "test"))
                    .as("%s", values)
                    .doesNotThrowAnyException();
            assertThat(space.valuesOf(RunConfigs.with(subject, values, "test"))).isEqualTo(values);
        }
    }

    static List<String> types() {
        return RecommenderTypes.names().stream()
                .filter(type -> !DefaultSpaces.of(type).isEmpty())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "learning_rate | expected key=range",
                "learning_rate=0.1 | '0.1' is no range; there are uniform(low,high), log(low,high), int(low,high)",
                "learning_rate=lag(1,2) | there is no range 'lag'; there are uniform(low,high)",
                "learning_rate=log(0,1) | must begin above 0",
                "learning_rate=log(1,1) | the low end must be below the high end",
                "learning_rate=log(1e-3) | takes two numbers",
                "learning_rate=log(a,1) | 'a' in 'log(a,1)' is no number",
                "num_layers=int(1,2.5) | takes whole numbers",
                "num_layers=choice(2) | at least two",
                "num_layers=choice(2,2) | given twice",
                "num_layers=choice(1,) | an empty choice",
                "num_layers=choice(1,two) | the value \"two\" does not fit; it is a whole number",
                "num_layers=uniform(1,3) | does not fit; it is a whole number",
                "dropout=uniform(0,1.5) | dropout must be in [0, 1)",
                "learnig_rate=log(1,2) | there is no such key; did you mean train.learning_rate?",
                "train.rate=log(1,2) | unknown key \"train.rate\"",
                "split=choice(1:1:1,leave-one-out) | only settings of the sections model and train",
                "min_user_events=int(1,9) | only settings of the sections model and train",
                "model.type=choice(sasrec,narm) | only settings of the sections model and train",
            })
    void errorIsReportedInOneLineThatNamesTheFlag(String range, String message) {
        assertThatThrownBy(() -> SearchSpace.parse(List.of(range), subject("ttt4rec")))
                .isInstanceOf(UserFacingException.class)
                .message()
                .startsWith("--param ")
                .contains(message, range.split("=", -1)[0])
                .hasLineCount(1);
    }

    @Test
    void settingHasOneRange() {
        assertThatThrownBy(() -> SearchSpace.parse(
                        List.of("dropout=uniform(0,0.5)", "model.dropout=uniform(0,0.3)"), subject("ttt4rec")))
                .hasMessageContaining("model.dropout has a range already");
    }

    @Test
    void endsThatGoWithSomeValuesOfTheOthersAreAllowed() {
        // A head's size must be even, so 60 is not possible with the default of 4 heads.
        assertThatCode(() -> SearchSpace.parse(
                        List.of("hidden_size=choice(60,64)", "num_heads=choice(3,4)"), subject("ttt4rec")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> SearchSpace.parse(List.of("hidden_size=choice(60,64)"), subject("ttt4rec")))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("even");
    }

    @Test
    void everyValueOfARangeComesUpEvenlyOnItsScale() {
        SplittableRandom random = new SplittableRandom(1);
        Map<Object, Integer> counts = new HashMap<>();
        int low = 0;
        for (int i = 0; i < 30_000; i++) {
            counts.merge(Domain.parse("int(1,3)").sample(random), 1, Integer::sum);
            counts.merge(Domain.parse("choice(a,b,c)").sample(random), 1, Integer::sum);
            low += (double) Domain.parse("log(0.0001,1)").sample(random) < 0.01 ? 1 : 0;
        }
        // Five standard deviations are 410.
        assertThat(counts)
                .hasSize(6)
                .allSatisfy((value, count) -> assertThat(count).isBetween(9_590, 10_410));
        assertThat(low).isBetween(14_560, 15_440);
    }

    @Test
    void coordinatesAndValuesBelongTogether() {
        for (String range : List.of("log(0.0001,1)", "uniform(-3,5)", "int(0,9)", "logint(1,1000)")) {
            Numeric domain = (Numeric) Domain.parse(range);
            Object before = domain.at(0);
            assertThat(before).isEqualTo(domain.extremes().getFirst());
            assertThat(domain.at(1)).isEqualTo(domain.extremes().getLast());
            for (double unit = 0; unit <= 1; unit += 0.01) {
                Object value = domain.at(unit);
                assertThat(domain.contains(value)).isTrue();
                assertThat(domain.at(domain.unit(value)))
                        .as("%s at %s", range, unit)
                        .isEqualTo(value);
                assertThat(((Number) value).doubleValue()).isGreaterThanOrEqualTo(((Number) before).doubleValue());
                before = value;
            }
        }
        assertThat(Domain.text(Domain.parse("log(0.0001,1)").sample(new SplittableRandom(1))))
                .as("four digits are enough")
                .hasSizeLessThanOrEqualTo(9);
    }
}
