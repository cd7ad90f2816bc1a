package io.github.ttt4rec.cli.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.cli.Run;
import io.github.ttt4rec.io.internal.ModelSeries;
import io.github.ttt4rec.serve.Ending;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.EngineConfig;
import io.github.ttt4rec.serve.http.RecommendationServer;
import io.github.ttt4rec.serve.http.ServerConfig;
import io.github.ttt4rec.serve.http.Tenant;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the retraining of a server's tenants, each in a process of its own as in production. */
class TenantRetrainingTest {
    private static final String CLASS_PATH = "java.class.path";
    private static final RetrainSchedule AT_ONCE = new RetrainSchedule(null, Duration.ofMillis(1));
    private static final int MEGABYTES = 512;
    /** Long, because the process runs in the idle class: on a busy machine it waits for the others. */
    private static final int MAX_MINUTES = 15;
    /** The first log ends before this time. */
    private static final long DAY_TWO = 1_600_100_000_000_000L;

    private final String classPath = System.getProperty(CLASS_PATH);

    @TempDir
    private Path directory;

    /** A test's own class path is a jar of its launcher; a server's is the path of its classes. */
    @BeforeEach
    void useTheClassPathOfAServer() {
        System.setProperty(CLASS_PATH, System.getProperty("surefire.test.class.path", classPath));
    }

    @AfterEach
    void restoreTheClassPath() {
        System.setProperty(CLASS_PATH, classPath);
    }

    @Test
    void retrainedTenantIsSwappedWhileTheOtherTenantsModelStays() throws IOException, InterruptedException {
        Path log = Run.log(directory, "events.csv", 60);
        Path shoes = directory.resolve("shoes");
        List<String> train =
                new ArrayList<>(Run.trainArguments(log, shoes.resolve("monday"), "--set", "epochs=3", "--no-test"));
        train.remove("--no-refit");
        Run.of(train.toArray(String[]::new)).done();
        Path books = copy(shoes.resolve("monday"), directory.resolve("books"));
        for (Path models : List.of(shoes, books)) {
            ModelSeries.open(models).close();
            Run.of("import", "--data", log.toString(), "--state", models + ".db")
                    .done();
        }
        try (EventStore store = EventStore.open(Path.of(shoes + ".db"), StoreConfig.defaults())) {
            store.append(newEvents());
        }

        BlockingQueue<String> said = new LinkedBlockingQueue<>();
        ServerConfig config = ServerConfig.local();
        try (Engine ofShoes = engine(shoes);
                Engine ofBooks = engine(books);
                RecommendationServer server = RecommendationServer.start(
                        List.of(new Tenant("shoes", ofShoes, config), new Tenant("books", ofBooks, config)),
                        config,
                        Ending.halt());
                HttpClient client = HttpClient.newHttpClient()) {
            String before = ofShoes.model().version();
            assertThat(ofBooks.model().version()).isEqualTo(before);
            try (Retrainer _ = retrainer(shoes, ofShoes, said)) {
                assertThat(outcome(said)).contains("served now: ");
            }
            said.clear();
            try (Retrainer _ = retrainer(books, ofBooks, said)) {
                assertThat(outcome(said)).contains("kept monday", "only 0 events since");
            }
            assertThat(ofShoes.model().version()).isNotEqualTo(before);
            assertThat(get(client, server, "t/shoes/v1/model"))
                    .contains(ofShoes.model().version());
            assertThat(get(client, server, "t/shoes/v1/users/v1")).contains("\"events\":12");
            assertThat(get(client, server, "t/shoes/v1/items?query=new")).contains("\"item\":\"new\"");
            assertThat(get(client, server, "t/books/v1/model")).contains(before);
            assertThat(get(client, server, "t/books/v1/items?query=new")).contains("\"total\":0");
            assertThat(ModelSeries.resolve(books)).isEqualTo(books.resolve("monday"));
            assertThat(ModelSeries.resolve(shoes)).isNotEqualTo(shoes.resolve("monday"));
        }
    }

    /** Waits for the result of a retraining, after the lines about its steps; null if none comes in time. */
    private static @Nullable String outcome(BlockingQueue<String> said) throws InterruptedException {
        String line;
        do {
            line = said.poll(MAX_MINUTES, TimeUnit.MINUTES);
        } while (line != null && !line.contains("served now: ") && !line.contains("kept "));
        return line;
    }

    private static Path copy(Path model, Path models) throws IOException {
        Path copy = Files.createDirectories(models.resolve(model.getFileName()));
        try (Stream<Path> files = Files.list(model)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return models;
    }

    private static Engine engine(Path models) {
        return Engine.open(
                TrainedModel.load(ModelSeries.resolve(models)),
                EventStore.open(Path.of(models + ".db"), StoreConfig.defaults()),
                EngineConfig.defaults());
    }

    private static Retrainer retrainer(Path models, Engine engine, BlockingQueue<String> said) {
        return Retrainer.start(
                new RetrainSchedule.Job(AT_ONCE, models, Path.of(models + ".db"), MEGABYTES), engine, said::add);
    }

    /** Makes events like the log's, with a new item at every fourth position, which a retrained model learns. */
    private static List<Event> newEvents() {
        List<Event> events = new ArrayList<>();
        for (int t = 0; t < 12; t++) {
            for (int user = 0; user < 40; user++) {
                String item = t % 4 == 3 ? "new" : "i" + (user + t) % 20;
                events.add(new Event("v" + user, item, DAY_TWO + 1_000_000L * t + user, null));
            }
        }
        return events;
    }

    private static String get(HttpClient client, RecommendationServer server, String path)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create(server.uri() + path)).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }
}
