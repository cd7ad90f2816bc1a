package io.github.ttt4rec.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests {@code train --items}. */
class TrainWithItemsTest {
    @TempDir
    private Path directory;

    private Path log;
    private Path model;

    @BeforeEach
    void write() {
        log = Run.log(directory, "events.csv", 60);
        model = directory.resolve("model");
    }

    private Path items(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    /** Attributes of all items of the log but i0, of two others that share one, and of one that shares none. */
    private Path items() throws IOException {
        StringBuilder text = new StringBuilder("item,title,category,price\n");
        for (int item = 1; item < 20; item++) {
            text.append("i" + item + ",Thing " + item % 4 + ",shop > part " + item / 5 + "," + item + ".5\n");
        }
        text.append("new,Thing 3,shop > part 2,12.5\nother,Thing 1,,\nstrange,Nothing alike,,\n");
        return items("products.csv", text.toString());
    }

    @Test
    void modelKnowsItemsWithoutEvents() throws IOException {
        List<String> arguments = new ArrayList<>(Run.trainArguments(log, model, "--set", "epochs=2"));
        arguments.remove("--no-refit");
        arguments.addAll(List.of("--items", items().toString()));
        Run run = Run.of(arguments.toArray(String[]::new)).done();
        assertThat(run.out().replaceAll("\\s+", " "))
                .contains("products.csv: attributes of 19 of the 20 items of the log; 1 have none and keep to their"
                        + " events; 3 items of the file are not in the log")
                .contains("Added 2 items without events by their attributes")
                .contains(
                        "Left out 1 item without events, because no two items of the log have one of their attributes");
        TrainedModel saved = TrainedModel.load(model);
        assertThat(saved.encodesAttributes()).isTrue();
        assertThat(saved.items().size()).isEqualTo(22);
        assertThat(saved.isTrained(saved.items().indexOf("new"))).isFalse();
        assertThat(Run.of("recommend", "--model", model.toString(), "--history", "i3,new", "-k", "22")
                        .done()
                        .out())
                .contains("other");
        Run.of("evaluate", "--model", model.toString(), "--data", log.toString())
                .done();
        assertThat(Run.of("inspect", "--model", model.toString()).done().out())
                .contains("Items   trained with attributes; 2 items had no events in training");

        Path tested = directory.resolve("tested");
        Run.train(log, tested, "--set", "epochs=2", "--items", items().toString())
                .done();
        assertThat(TrainedModel.load(tested).items().size()).isEqualTo(22);
    }

    @Test
    void wrongFilesGetOneLineEach() throws IOException {
        String[][] wrong = {
            {"item,title\nx,Y\nz,Y\n", "none of the 20 items of the log has attributes"},
            {"item,title\ni1,Y\ni2,Z\n", "no two items of the log have an attribute in common"},
            {"id,title\ni1,Y\n", "no column \"item\""},
            {"item,title\ni1,Y\ni1,Z\n", "item 'i1' occurs twice in this file"},
        };
        for (String[] each : wrong) {
            Run.train(log, model, "--items", items("wrong.csv", each[0]).toString())
                    .failedSaying(each[1]);
        }
        Run.train(
                        log,
                        model,
                        "--items",
                        items(
                                        "wrong.jsonl",
                                        "{\"item\":\"i1\",\"attributes\":{\"a\":1}}\n{\"item\":\"i2\",\"attributes\":{\"a\":\"x\"}}\n")
                                .toString())
                .failedSaying("is of type words, but the first item with it had type number");
        Run.train(log, model, "--items", directory.resolve("none.csv").toString())
                .failedSaying("no such file");
        Run.of(
                        "train",
                        "--data",
                        log.toString(),
                        "--out",
                        model.toString(),
                        "--items",
                        items().toString(),
                        "--set",
                        "type=popularity")
                .failedSaying("a model of type popularity has no vectors of items");
        assertThat(model.resolve("model.safetensors"))
                .as("no model is left behind")
                .doesNotExist();
    }
}
