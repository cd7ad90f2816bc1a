package io.github.ttt4rec.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.cli.Run;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuneCommandTest {
    private static final List<String> DATA =
            List.of("--split", "leave-one-out", "--min-user-events", "1", "--min-item-events", "1");

    @TempDir
    private Path directory;

    private Path log;
    private Path out;

    @BeforeEach
    void write() {
        log = Run.log(directory, "events.csv", 60);
        out = directory.resolve("search");
    }

    private List<String> arguments(String model, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("tune", "--data", log.toString(), "--out", out.toString(), "--model", model));
        arguments.addAll(Arrays.asList(more));
        return arguments;
    }

    private Run network(String... more) {
        List<String> arguments = arguments("ttt4rec", more);
        arguments.addAll(Run.SMALL);
        return Run.of(arguments.toArray(String[]::new));
    }

    private Run neighbours(String model, String... more) {
        List<String> arguments = arguments(model, more);
        arguments.addAll(DATA);
        return Run.of(arguments.toArray(String[]::new));
    }

    @Test
    void networkIsTunedGoesOnAndTrainsAgain() {
        String[] ranges = {
            "--param", "learning_rate=log(1e-3,1e-1)", "--param", "mini_batch_size=choice(1,4)", "--set", "epochs=2"
        };
        List<String> once = new ArrayList<>(List.of(ranges));
        once.addAll(List.of("--trials", "2"));
        Run run = network(once.toArray(String[]::new)).done();
        assertThat(run.out())
                .contains("tpe, protocol all, 2 settings, at most 2 trials, seed 1, 2 threads")
                .contains("train.learning_rate=log(0.001,0.1)")
                .containsPattern("(?m)^\\[1\\] learning_rate=0\\.[0-9]+ mini_batch_size=[14]$")
                .containsPattern("NDCG@10 0\\.[0-9]{4} {2}HR@10 0\\.[0-9]{4} {2}epoch [12] of 2 .*\\*\n")
                .contains("Best trials, by validation NDCG@10:", "2 trials in ")
                .containsPattern("(?m)^mini_batch_size +[14] .*choice\\(1,4\\)")
                .contains("Best configuration: " + out.resolve("best.yaml"))
                .contains("ttt4rec train --data " + log + " --split leave-one-out")
                .doesNotContain("HR@50");

        List<String> more = new ArrayList<>(List.of(ranges));
        more.addAll(List.of("--trials", "3", "--test"));
        run = network(more.toArray(String[]::new)).done();
        assertThat(run.out())
                .contains("2 trials finished before; the best is ")
                .contains("[3] ")
                .doesNotContain("[1] ", "[2] ")
                .containsPattern("HR@50 +1\\.0000");
        assertThat(out.resolve("test.json")).isNotEmptyFile();
        assertThat(out.resolve("trials.csv")).isNotEmptyFile();

        Path model = directory.resolve("model");
        String train = run.out()
                .lines()
                .filter(line -> line.contains(" train --data "))
                .findFirst()
                .orElseThrow()
                .strip()
                .replaceFirst("--out model$", "--out " + model);
        String[] words = train.split(" ", -1);
        Run.of(Arrays.copyOfRange(words, 1, words.length)).done();
        assertThat(Run.bytes(model.resolve("model.safetensors")))
                .isEqualTo(Run.bytes(out.resolve("model/model.safetensors")));

        network("--param", "learning_rate=log(1e-3,1e-2)", "--set", "epochs=2")
                .failedSaying("range of train.learning_rate was log(0.001,0.1), is now log(0.001,0.01)", "--force");
    }

    @Test
    void neighbourMethodIsTunedAndTakesPartInAComparison() {
        Run run = neighbours("item-knn", "--trials", "4", "--search", "random").done();
        assertThat(run.out())
                .contains("random, protocol all, 4 settings, at most 4 trials")
                .contains("train --data " + log + " --split leave-one-out", "--config " + out.resolve("best.yaml"))
                .doesNotContainPattern("epoch +[0-9]");
        assertThat(new String(Run.bytes(out.resolve("best.yaml")), StandardCharsets.UTF_8))
                .startsWith("# Validation NDCG@10 0.")
                .contains("type: \"item-knn\"", "shrinkage: ");

        Path lab = directory.resolve("lab");
        List<String> compare = new ArrayList<>(List.of(
                "compare",
                "--data",
                log.toString(),
                "--out",
                lab.toString(),
                "--models",
                "item-knn,tuned=" + out.resolve("best.yaml")));
        compare.addAll(DATA);
        run = Run.of(compare.toArray(String[]::new)).done();
        assertThat(run.out()).contains("2 models, 2 runs").containsPattern("(?m)^tuned +0\\.[0-9]{4}");
        assertThat(new String(Run.bytes(lab.resolve("runs/tuned-1/result.json")), StandardCharsets.UTF_8))
                .contains("\"type\" : \"item-knn\"");

        Path model = directory.resolve("model");
        Run.of(
                        "train",
                        "--data",
                        log.toString(),
                        "--config",
                        out.resolve("best.yaml").toString(),
                        "--out",
                        model.toString())
                .done();
        assertThat(model.resolve("model.safetensors")).isNotEmptyFile();
    }

    @Test
    void typesAndTheirRangesAreListed() {
        Run run = Run.of("tune", "--model", "list").done();
        assertThat(run.out())
                .contains("item-knn\n    --param \"neighbours=logint(10,2000)\"\n")
                .contains("bert4rec\n", "logint(low,high)");
        assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void wrongUsageIsOneLine() {
        neighbours("item-nkk").wrongUsageSaying("no model 'item-nkk'", "ttt4rec", "vsknn");
        neighbours("vsknn", "--search", "grid").wrongUsageSaying("'grid' is not tpe or random");
        neighbours("vsknn", "--trials", "0").wrongUsageSaying("--trials");
        Run.of("tune", "--model", "vsknn", "--data", log.toString()).wrongUsageSaying("--out");
        Run.of("tune", "--model", "vsknn", "--out", out.toString()).wrongUsageSaying("--data");
        neighbours("vsknn", "--param", "k=int(1,0)").wrongUsageSaying("--param k=int(1,0)", "low end");
        neighbours("vsknn", "--param", "dropout=uniform(0,1)").wrongUsageSaying("--param dropout", "no such key");
        neighbours("vsknn", "--set", "type=item-knn").wrongUsageSaying("--model chooses the model");
        neighbours("vsknn", "--set", "k=many").wrongUsageSaying("model.k", "\"many\"");
        neighbours("vsknn", "--config", "none.yaml").failedSaying("none.yaml", "no such file");
        assertThat(out).doesNotExist();
    }
}
