package io.github.ttt4rec.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.cli.Run;
import io.github.ttt4rec.internal.FileLocks;
import io.github.ttt4rec.io.Provenance;
import io.github.ttt4rec.ttt.InnerModelType;
import io.github.ttt4rec.ttt.TttConfig;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
    @TempDir
    private Path directory;

    private Path log;
    private Path model;

    @BeforeEach
    void write() {
        log = Run.log(directory, "events.csv", 60);
        model = directory.resolve("model");
    }

    @Test
    void saysWhatItReadHowItWentAndWhereTheModelIs() {
        Run run = Run.train(log, model, "--set", "epochs=3", "--seed", "5").done();
        assertThat(run.out())
                .contains("events.csv: 60 users, 20 items, 720 events")
                .contains("leave-one-out: 540 training, 60 validation, 60 test cases")
                .contains("! only 60 users")
                .containsPattern(
                        "linear\\s+inner\\s+model,\\s+1\\s+block,\\s+hidden\\s+size\\s+8,\\s+2\\s+heads:\\s+[0-9,]+\\s+parameters")
                .containsPattern("seed 5, 2 threads, kernels \\S+")
                .containsPattern("(?m)^ {4}1 +[0-9.]+ +0\\.[0-9]{4} +0\\.[0-9]{4} .*\\*$")
                .containsPattern("(?m)^ {4}3 ")
                .containsPattern("Best epoch: [123] of 3")
                .contains("Protocol: test cases of split leave-one-out; full ranking of 20 items")
                .contains("NDCG@10")
                .contains("Model saved in " + model)
                .containsPattern("Took .* s, peak heap [0-9,]+ MB");
        assertThat(run.out().lines())
                .allSatisfy(line -> assertThat(line)
                        .hasSizeLessThanOrEqualTo(80 + model.toString().length()));
        assertThat(run.err()).as("no live line where there is no terminal").isEmpty();
        assertThat(model.resolve("checkpoint.safetensors")).doesNotExist();
        TrainedModel saved = TrainedModel.load(model);
        assertThat(saved.provenance().metrics()).containsKeys("validation NDCG@10", "test NDCG@10");
        assertThat(saved.provenance().seed()).isEqualTo(5);
    }

    @Test
    void refitLearnsFromAllEventsForTheBestNumberOfEpochs() {
        List<String> arguments = new ArrayList<>(Run.trainArguments(log, model, "--set", "epochs=3"));
        arguments.remove("--no-refit");
        Run run = Run.of(arguments.toArray(String[]::new)).done();
        TrainedModel saved = TrainedModel.load(model);
        int epochs = saved.provenance().bestEpoch();
        assertThat(run.out())
                .contains("NDCG@10")
                .contains("Fitting on all 720 events, " + epochs + " epoch")
                .contains("Fitted on all 720 events");
        assertThat(saved.provenance().metrics()).containsKeys("validation NDCG@10", "test NDCG@10");
        Provenance.Fitted fitted = saved.provenance().fitted();
        assertThat(fitted).isNotNull();
        assertThat(fitted.events()).isEqualTo(720);
        assertThat(fitted.epochs()).isEqualTo(epochs);
        assertThat(LongStream.of(saved.popularity()).sum()).isEqualTo(720);
        assertThat(model.resolve("checkpoint.safetensors")).doesNotExist();
        assertThat(model.resolve("refit.safetensors")).doesNotExist();

        Run.train(log, directory.resolve("tested"), "--set", "epochs=3").done();
        TrainedModel tested = TrainedModel.load(directory.resolve("tested"));
        assertThat(tested.version()).isNotEqualTo(saved.version());
        assertThat(tested.provenance().metrics()).isEqualTo(saved.provenance().metrics());
        assertThat(tested.provenance().fitted()).isNull();

        assertThat(Run.of("inspect", "--model", model.toString()).done().out())
                .contains("test NDCG@10", "on all 720 events", "from scratch");
        assertThat(Run.of("inspect", "--model", directory.resolve("tested").toString())
                        .done()
                        .out())
                .contains("test NDCG@10", "these weights were tested");
        assertThat(Run.of("evaluate", "--model", model.toString(), "--data", log.toString())
                        .done()
                        .out())
                .contains("fitted on all events");
    }

    @Test
    void defaultSplitIsTheMostRecentEventsAndThePaperPresetIsThePapers() {
        String[] small = {
            "--min-user-events",
            "1",
            "--set",
            "epochs=1",
            "--set",
            "hidden_size=8",
            "--set",
            "num_heads=2",
            "--set",
            "max_len=8"
        };
        Run recent = Run.of(Stream.concat(
                                Stream.of("train", "--data", log.toString(), "--out", model.toString()),
                                Stream.of(small))
                        .toArray(String[]::new))
                .done();
        assertThat(recent.out()).contains("recent: ", "Fitted on all 720 events");
        assertThat(TrainedModel.load(model).config().split().spec()).isEqualTo("recent");
        Path paper = directory.resolve("paper");
        Run published = Run.of(Stream.concat(
                                Stream.of(
                                        "train",
                                        "--data",
                                        log.toString(),
                                        "--out",
                                        paper.toString(),
                                        "--preset",
                                        "paper"),
                                Stream.of(small))
                        .toArray(String[]::new))
                .done();
        assertThat(published.out()).contains("ratio 3:2:5: ").doesNotContain("Fitted");
        assertThat(TrainedModel.load(paper).provenance().fitted()).isNull();
        Run.train(log, paper, "--preset", "papers").wrongUsageSaying("--preset", "not production or paper");
    }

    @Test
    void sameSeedGivesTheSameModelAndAnotherSeedAnother() {
        Run.train(log, model, "--set", "epochs=2", "--no-test").done();
        Run.train(log, directory.resolve("again"), "--set", "epochs=2").done();
        Run.train(log, directory.resolve("other"), "--set", "epochs=2", "--seed", "2", "--no-test")
                .done();
        byte[] first = weights(model);
        assertThat(weights(directory.resolve("again"))).isEqualTo(first);
        assertThat(weights(directory.resolve("other"))).isNotEqualTo(first);
    }

    @Test
    void optionsWinOverSettingsAndSettingsOverTheFile() {
        Path config = Run.write(
                directory.resolve("run.yaml"),
                "model: {type: ttt4rec, layer: mlp, num_layers: 2}\nsplit: 1:1:1\ntrain: {epochs: 1, patience: 3}\n");
        Run.train(log, model, "--config", config.toString(), "--set", "split=1:2:3", "--no-test")
                .done();
        TrainedModel saved = TrainedModel.load(model);
        assertThat(saved.config().split().spec()).isEqualTo("leave-one-out");
        assertThat(saved.config().model()).isInstanceOfSatisfying(TttConfig.class, ttt -> {
            assertThat(ttt.layer()).isEqualTo(InnerModelType.LINEAR);
            assertThat(ttt.numLayers()).isEqualTo(2);
        });
        assertThat(saved.config().train().patience()).isEqualTo(3);
    }

    @Test
    void directoryBelongsToOneRunAtATime() throws IOException {
        Files.createDirectory(model);
        try (FileChannel _ = FileLocks.tryLock(model.resolve(".train.lock")).orElseThrow()) {
            Run.train(log, model).failedSaying("another train is at work in this directory", "--out");
            Run.train(log, model, "--force").failedSaying("another train is at work in this directory");
        }
        Run.train(log, model, "--set", "epochs=1", "--no-test").done();
    }

    @Test
    void modelOrAnUnfinishedRunIsNotOverwrittenByMistake() throws IOException {
        Run.train(log, model, "--set", "epochs=1", "--no-test").done();
        byte[] first = weights(model);
        Run.train(log, model, "--set", "epochs=2").failedSaying("holds a model already", "--force");
        Run.train(log, model, "--set", "epochs=2", "--resume").failedSaying("nothing to resume");
        assertThat(weights(model)).isEqualTo(first);
        Run.train(log, model, "--set", "epochs=2", "--force", "--no-test").done();
        assertThat(weights(model)).isNotEqualTo(first);

        Path unfinished = Files.createDirectory(directory.resolve("unfinished"));
        Run.write(unfinished.resolve("checkpoint.safetensors"), "anything");
        Run.train(log, unfinished).failedSaying("holds an unfinished run", "--resume");
        Run.train(log, unfinished, "--resume").failedSaying("checkpoint.safetensors");
        Run.train(log, directory.resolve("nowhere"), "--resume").failedSaying("nothing to resume");
        Run.train(log, model, "--resume", "--force").wrongUsageSaying("give one of them");
    }

    @Test
    void directoryThatCannotBeWrittenIsKnownBeforeTraining() throws IOException {
        Path file = Run.write(directory.resolve("file"), "");
        Run run = Run.train(log, file.resolve("model"));
        run.failedSaying("file");
        assertThat(run.out()).doesNotContain("epoch ");
        Path foreign = Files.createDirectory(directory.resolve("foreign"));
        Run.write(foreign.resolve("config.yaml"), "mine: true\n");
        run = Run.train(log, foreign);
        run.failedSaying("holds a config.yaml but no ttt4rec model");
        assertThat(run.out()).doesNotContain("epoch ");
        assertThat(foreign.resolve("config.yaml")).hasContent("mine: true");
    }

    @Test
    void checkpointThatCannotBeSavedIsOneLine() throws IOException {
        Files.createDirectories(model.resolve("checkpoint.safetensors"));
        Run.train(log, model, "--force").failedSaying("checkpoint.safetensors", "it is a directory");
    }

    @Test
    void divergenceIsOneLineWithItsEpochCauseAndCheckpoint() {
        Run run = Run.train(log, model, "--set", "learning_rate=1e30");
        run.failedSaying("training diverged in epoch", "learning rate", "1.0E30");
    }

    @Test
    void badConfigurationIsOneLineWithItsKey() {
        Path wrong = Run.write(directory.resolve("wrong.yaml"), "model: {hiden: 3}\n");
        Run.train(log, model, "--config", wrong.toString()).failedSaying("wrong.yaml", "\"model.hiden\"");
        Path broken = Run.write(directory.resolve("broken.yaml"), "model: {hidden_size: [\n");
        Run.train(log, model, "--config", broken.toString()).failedSaying("broken.yaml", "line ");
        Run.train(log, model, "--config", directory.resolve("none.yaml").toString())
                .failedSaying("none.yaml", "no such file");
    }

    @Test
    void wrongSettingsAreWrongUsageAndNameTheChoices() {
        Run.train(log, model, "--set", "type=unknown")
                .wrongUsageSaying("--set", "model.type", "\"unknown\"", "ttt4rec", "item-knn", "popularity");
        Run.train(log, model, "--set", "hiden_size=3").wrongUsageSaying("hiden_size", "no such key");
        Run.train(log, model, "--set", "epochs=few").wrongUsageSaying("train.epochs", "\"few\"");
        Run.train(log, model, "--set", "layer=cubic").wrongUsageSaying("layer: the value \"cubic\"", "linear, mlp");
        Run.train(log, model, "--set", "hidden_size=9").wrongUsageSaying("hidden_size / num_heads");
        Run.train(log, model, "--set", "epochs").wrongUsageSaying("expected key=value");
        Path future = Run.write(directory.resolve("future.yaml"), "model: {type: oracle}\n");
        Run.train(log, model, "--config", future.toString())
                .failedSaying("future.yaml", "\"oracle\"", "ttt4rec", "ease");
    }

    @Test
    void badDataIsOneLine() throws IOException {
        Run.train(directory.resolve("none.csv"), model).failedSaying("none.csv", "no such file");
        Run.train(Run.write(directory.resolve("empty.csv"), ""), model).failedSaying("empty.csv", "empty");
        Run.train(log, model, "--item-column", "sku").failedSaying("events.csv", "sku");
        Run.of("train", "--data", log.toString(), "--out", model.toString(), "--min-user-events", "1000")
                .failedSaying("events.csv");
        Path zipped = directory.resolve("cut.csv.gz");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            out.write(Run.bytes(log));
        }
        byte[] whole = Run.bytes(zipped);
        Files.write(zipped, Arrays.copyOf(whole, whole.length / 2));
        Run.train(zipped, model).failedSaying("cut.csv.gz");
        assertThat(model).as("nothing was made").doesNotExist();
    }

    @Test
    void wrongUsageIsToldWithWhereToLook() {
        Run.of("train", "--data", log.toString()).wrongUsageSaying("--out", "train --help");
        Run.of("train", "--out", model.toString()).wrongUsageSaying("--data", "train --help");
        Run.train(log, model, "--threads", "0").wrongUsageSaying("--threads", "at least 1");
        Run.train(log, model, "--seed", "x").wrongUsageSaying("--seed");
        Run.train(log, model, "--seeed", "1").wrongUsageSaying("--seeed", "did you mean '--");
        Run.train(log, model, "--split", "1:2").wrongUsageSaying("--split", "3:2:5");
    }

    @Test
    void helpListsEverySettingWithItsDefault() {
        Run help = Run.of("train", "--help").done();
        assertThat(help.out())
                .contains("hidden_size=64", "min_user_events=5", "network.layer=linear", "patience=5", "split  recent")
                .contains("(default: 1)");
        assertThat(help.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    private static byte[] weights(Path model) {
        return Run.bytes(model.resolve("model.safetensors"));
    }
}
