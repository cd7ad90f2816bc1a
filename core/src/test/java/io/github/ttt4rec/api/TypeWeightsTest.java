package io.github.ttt4rec.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.ttt4rec.data.EventRoles;
import io.github.ttt4rec.data.Interaction;
import io.github.ttt4rec.data.PrepareOptions;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.data.Split;
import io.github.ttt4rec.data.read.Datasets;
import io.github.ttt4rec.train.EpochRecord;
import io.github.ttt4rec.train.TrainConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights of event types in training: what they train, what they leave as it is, and that a run can be resumed. */
class TypeWeightsTest {
    private static final long SEED = 5;

    /** Purchases of i are followed by a purchase of i + 1, views by a view of the item three further. */
    private static List<Interaction> events() {
        SplittableRandom random = new SplittableRandom(SEED);
        List<Interaction> events = new ArrayList<>();
        for (int user = 0; user < 60; user++) {
            int bought = random.nextInt(Logs.ITEMS);
            int viewed = random.nextInt(Logs.ITEMS);
            for (int t = 0; t < 12; t++) {
                boolean buy = random.nextBoolean() || t > 9;
                bought = buy ? (bought + 1) % Logs.ITEMS : bought;
                viewed = buy ? viewed : (viewed + 3) % Logs.ITEMS;
                events.add(new Interaction(
                        "u" + user,
                        "i" + (buy ? bought : viewed),
                        Instant.ofEpochSecond(1_600_000_000 + 1000 * t),
                        buy ? "buy" : "view",
                        Double.NaN));
            }
        }
        return events;
    }

    private static List<EpochRecord> train(String rules, TrainConfig.Loss loss) throws InterruptedException {
        RunConfig config = Logs.small(2).withRead(ReadOptions.defaults().withTypes("type", null, rules));
        config = config.withTrain(config.train().withLoss(loss));
        Split split = config.split().apply(Datasets.of(events(), PrepareOptions.keepAll(), EventRoles.parse(rules)));
        List<EpochRecord> epochs = new ArrayList<>();
        Training.run(split, config, epochs::add);
        return epochs;
    }

    @ParameterizedTest
    @EnumSource
    void equalWeightsTrainAsNoWeights(TrainConfig.Loss loss) throws InterruptedException {
        List<EpochRecord> without = train("buy,view=input", loss);
        List<EpochRecord> doubled = train("buy=target*2,view=input", loss);
        for (int epoch = 0; epoch < without.size(); epoch++) {
            assertThat(doubled.get(epoch).loss()).isCloseTo(without.get(epoch).loss(), withinPercentage(0.1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void inputsWithAWeightAreTrained(TrainConfig.Loss loss) throws InterruptedException {
        double without = train("buy,view=input", loss).getLast().loss();
        double little = train("buy,view=input*0.01", loss).getLast().loss();
        double much = train("buy,view=input*100", loss).getLast().loss();
        assertThat(little).isNotEqualTo(without);
        assertThat(Math.abs(much - little)).isGreaterThan(0.001);
    }

    @Test
    void sameWeightsTrainToTheSameBits() throws InterruptedException {
        List<EpochRecord> once = train("buy,view=input*0.2", TrainConfig.Loss.CE);
        List<EpochRecord> again = train("buy,view=input*0.2", TrainConfig.Loss.CE);
        assertThat(again)
                .extracting(EpochRecord::loss)
                .isEqualTo(once.stream().map(EpochRecord::loss).toList());
        assertThat(again)
                .extracting(EpochRecord::ndcg)
                .isEqualTo(once.stream().map(EpochRecord::ndcg).toList());
    }
}
