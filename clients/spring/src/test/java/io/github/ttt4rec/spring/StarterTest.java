package io.github.ttt4rec.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.api.RunConfig;
import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.api.Training;
import io.github.ttt4rec.client.Client;
import io.github.ttt4rec.client.Event;
import io.github.ttt4rec.client.ListOptions;
import io.github.ttt4rec.recommend.Popularity;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.EngineConfig;
import io.github.ttt4rec.serve.http.RecommendationServer;
import io.github.ttt4rec.serve.http.ServerConfig;
import io.github.ttt4rec.serve.store.Durability;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** Tests the starter in application contexts, with a real server. */
class StarterTest {
    private final ApplicationContextRunner application =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(Ttt4recAutoConfiguration.class));

    @TempDir
    private Path directory;

    @Test
    void anApplicationTalksToTheServer() throws Exception {
        RecommendationServer server = server();
        String url = "ttt4rec.url=" + server.uri();
        try (server) {
            application.withPropertyValues(url).run(context -> {
                Client client = context.getBean(Client.class);
                client.send(List.of(Event.of("u1", "p3")));
                assertThat(client.recommend("u1", ListOptions.of(4)).items()).hasSize(4);
                assertThat(health(context)).isEqualTo(Status.UP);
            });
        }
        application
                .withPropertyValues(url)
                .run(context -> assertThat(health(context)).isEqualTo(Status.DOWN));
    }

    private static Status health(ApplicationContext context) {
        return context.getBean(HealthIndicator.class).health().getStatus();
    }

    @Test
    void propertiesThatAreMissingHaveTheClientsDefaults() {
        application.withPropertyValues("ttt4rec.timeout=2s").run(context -> {
            Ttt4recProperties properties = context.getBean(Ttt4recProperties.class);
            assertThat(properties.url()).hasToString("http://127.0.0.1:8080");
            Client.Options defaults = Client.Options.DEFAULTS;
            assertThat(properties.options())
                    .isEqualTo(new Client.Options(null, defaults.tries(), Duration.ofSeconds(2), defaults.pause()));
        });
    }

    @Test
    void anApplicationsOwnClientIsKeptAndHealthCanBeSwitchedOff() {
        application
                .withBean(Client.class, StarterTest::elsewhere)
                .run(context -> assertThat(context).hasSingleBean(Client.class).doesNotHaveBean("ttt4recClient"));
        application
                .withPropertyValues("management.health.ttt4rec.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
        application
                .withClassLoader(new FilteredClassLoader(HealthIndicator.class))
                .run(context ->
                        assertThat(context).hasSingleBean(Client.class).doesNotHaveBean("ttt4recHealthIndicator"));
    }

    @Test
    void wrongPropertiesAreRefusedByName() {
        for (String[] wrong : new String[][] {
            {"ttt4rec.url=shop:8080", "ttt4rec.url is \"shop:8080\", which is no HTTP URL"},
            {"ttt4rec.tries=0", "ttt4rec.tries is 0"},
            {"ttt4rec.timeout=0s", "ttt4rec.timeout is PT0S"},
            {"ttt4rec.pause=-1s", "ttt4rec.pause is PT-1S"}
        }) {
            application
                    .withPropertyValues(wrong[0])
                    .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining(wrong[1]));
        }
    }

    private static Client elsewhere() {
        return new Client(URI.create("http://127.0.0.1:1"), Client.Options.DEFAULTS);
    }

    private RecommendationServer server() throws InterruptedException {
        RunConfig config = RunConfig.production().withModel(new Popularity.Config());
        var split = config.open(
                IntStream.range(0, 600).boxed(),
                each -> "c" + each % 60,
                each -> "p" + each % 7,
                each -> Instant.ofEpochSecond(60L * each));
        TrainedModel model = Training.run(split, config, epoch -> {});
        StoreConfig store = new StoreConfig(Durability.OFF, 0, Duration.ZERO);
        Engine engine =
                Engine.open(model, EventStore.open(directory.resolve("shop.db"), store), EngineConfig.defaults());
        return RecommendationServer.start(engine, ServerConfig.local());
    }
}
