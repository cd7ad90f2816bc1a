package io.github.ttt4rec.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SplitSpecTest {
    @ParameterizedTest
    @ValueSource(strings = {"3:2:5", "6:2:2", "8:1:1", "1:0:0", "1:0:1", "0.8:0.1:0.1", "7:1:97", "ratio:1:1:1"})
    void ratioCountsAsThePaperDoes(String spec) {
        int[] lengths = new int[300];
        Arrays.setAll(lengths, i -> i + 1);
        Dataset data = data(lengths);
        Split split = SplitSpec.parse(spec).apply(data);
        String[] parts = spec.replace("ratio:", "").split(":");
        for (int user = 0; user < lengths.length; user++) {
            int[] expected = ratio(lengths[user] - 1, parts);
            assertThat(sizes(split, user))
                    .as("%s of %d events", spec, lengths[user])
                    .isEqualTo(expected);
            contiguous(split, user);
        }
    }

    /** The rule exactly as specified, in exact arithmetic. */
    private static int[] ratio(int cases, String[] parts) {
        BigDecimal whole = Arrays.stream(parts).map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
        int[] counts = new int[3];
        boolean[] betweenZeroAndOne = new boolean[3];
        for (int part = 1; part <= 2; part++) {
            BigDecimal weighted = new BigDecimal(parts[part]).multiply(BigDecimal.valueOf(cases));
            counts[part] = weighted.divide(whole, 0, RoundingMode.FLOOR).intValueExact();
            betweenZeroAndOne[part] = weighted.signum() > 0 && weighted.compareTo(whole) < 0;
        }
        counts[0] = cases - counts[1] - counts[2];
        for (int part : new int[] {2, 1}) {
            if (counts[0] > 1 && betweenZeroAndOne[part]) {
                counts[part]++;
                counts[0]--;
            }
        }
        return counts;
    }

    @Test
    void leaveOneOutLeavesTrainingSomething() {
        Split split = SplitSpec.parse("leave-one-out").apply(data(1, 2, 3, 4, 10));
        assertThat(sizes(split, 0)).containsExactly(0, 0, 0);
        assertThat(sizes(split, 1)).containsExactly(1, 0, 0);
        assertThat(sizes(split, 2)).containsExactly(1, 0, 1);
        assertThat(sizes(split, 3)).containsExactly(1, 1, 1);
        assertThat(sizes(split, 4)).containsExactly(7, 1, 1);
        for (int user = 0; user < 5; user++) {
            contiguous(split, user);
        }
    }

    @Test
    void temporalPutsEveryCaseByItsTime() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            int[] lengths = random.ints(30, 1, 40).toArray();
            Dataset data = data(random, lengths);
            long[] sorted = data.times().clone();
            Arrays.sort(sorted);
            long valid = sorted[(int) (0.6 * sorted.length)];
            long test = sorted[(int) (0.8 * sorted.length)];
            for (SplitSpec spec :
                    List.of(SplitSpec.parse("temporal:0.6,0.8"), SplitSpec.parse("temporal:" + valid + "," + test))) {
                Split split = spec.apply(data);
                for (int user = 0; user < lengths.length; user++) {
                    contiguous(split, user);
                    int before = 0;
                    while (before < lengths[user] && data.times()[data.start(user) + before] < valid) {
                        before++;
                    }
                    assertThat(split.trainingLength(user)).as("seed %d", seed).isEqualTo(before);
                    for (int position = 1; position < lengths[user]; position++) {
                        long time = data.times()[data.start(user) + position];
                        Split.Part expected = time >= test
                                ? Split.Part.TEST
                                : time >= valid ? Split.Part.VALIDATION : Split.Part.TRAIN;
                        assertThat(split.from(expected, user))
                                .as("seed %d", seed)
                                .isLessThanOrEqualTo(position);
                        assertThat(split.to(expected, user)).as("seed %d", seed).isGreaterThan(position);
                    }
                }
            }
        }
    }

    @Test
    void temporalTakesDates() {
        assertThat(SplitSpec.parse("temporal:2011-10-01,2011-11-01T12:00"))
                .isEqualTo(new SplitSpec.TemporalTimes(new TimeBound("2011-10-01"), new TimeBound("2011-11-01T12:00")));
        assertThat(SplitSpec.parse("temporal:2011-10-01,2011-11-01T12:00").protocol())
                .isEqualTo("temporal 2011-10-01 00:00:00, 2011-11-01 12:00:00");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "3:2:5 3:2:5",
                "ratio:6:2:2 6:2:2",
                "0.8:0.1:0.1 8:1:1",
                "Leave-One-Out leave-one-out",
                "loo leave-one-out",
                "temporal:.8,0.9 temporal:0.8,0.9",
                "temporal:10,20 temporal:10,20"
            })
    void specsAreReadAndWritten(String given, String written) {
        SplitSpec spec = SplitSpec.parse(given);
        assertThat(spec.spec()).isEqualTo(written);
        assertThat(SplitSpec.parse(spec.spec())).isEqualTo(spec);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "3:2",
                "3:2:5:1",
                "0:1:1",
                "a:b:c",
                "1.2.3:1:1",
                "temporal",
                "temporal:0.8",
                "temporal:0.9,0.8",
                "temporal:2011-10-01,2010-10-01",
                "temporal:soon,later",
                "temporal:0.5,0.5",
                "99999999999:1:1",
                "-1:2:3"
            })
    void wrongSpecsAreExplained(String spec) {
        assertThatThrownBy(() -> SplitSpec.parse(spec))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("\"" + spec + "\"")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void splitsWithoutCasesAreRefused() {
        assertThatThrownBy(() -> SplitSpec.parse("3:2:5").apply(data(1, 1)))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("no case for training");
        assertThatThrownBy(() -> SplitSpec.parse("temporal:1000000,2000000").apply(data(5, 5)))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("validation without cases")
                .hasMessageContaining("between 0 and 4");
    }

    private static int[] sizes(Split split, int user) {
        return Arrays.stream(Split.Part.values())
                .mapToInt(part -> split.to(part, user) - split.from(part, user))
                .toArray();
    }

    private static void contiguous(Split split, int user) {
        assertThat(split.to(Split.Part.TRAIN, user)).isEqualTo(split.from(Split.Part.VALIDATION, user));
        assertThat(split.to(Split.Part.VALIDATION, user)).isEqualTo(split.from(Split.Part.TEST, user));
        assertThat(split.from(Split.Part.TRAIN, user)).isEqualTo(1);
        assertThat(split.to(Split.Part.TEST, user))
                .isEqualTo(Math.max(1, split.data().length(user)));
    }

    private static Dataset data(int... lengths) {
        return data(null, lengths);
    }

    private static Dataset data(@org.jspecify.annotations.Nullable Random random, int... lengths) {
        int[] offsets = new int[lengths.length + 1];
        List<String> users = new ArrayList<>();
        for (int user = 0; user < lengths.length; user++) {
            offsets[user + 1] = offsets[user] + lengths[user];
            users.add("u" + user);
        }
        int[] events = new int[offsets[lengths.length]];
        Arrays.fill(events, 1);
        long[] times = new long[events.length];
        for (int user = 0; user < lengths.length; user++) {
            for (int at = offsets[user]; at < offsets[user + 1]; at++) {
                times[at] = random == null ? at - offsets[user] : random.nextInt(60) * 1_000_000L;
            }
            Arrays.sort(times, offsets[user], offsets[user + 1]);
        }
        return new Dataset(
                new IdMap(users),
                new IdMap(List.of("i")),
                offsets,
                events,
                times,
                false,
                new DataSource("test", "", List.of()));
    }
}
