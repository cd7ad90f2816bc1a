package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.client.Client;
import io.github.ttt4rec.client.ClientException;
import io.github.ttt4rec.client.Event;
import io.github.ttt4rec.client.EventResult;
import io.github.ttt4rec.client.History;
import io.github.ttt4rec.client.Item;
import io.github.ttt4rec.client.ItemList;
import io.github.ttt4rec.client.ItemPage;
import io.github.ttt4rec.client.ItemQuery;
import io.github.ttt4rec.client.ListOptions;
import io.github.ttt4rec.client.Shelf;
import io.github.ttt4rec.client.ShelfRequest;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests all methods of the Java client on a real server. */
class JavaClientTest {
    private static final String USER = "anna/ä 1";

    @TempDir
    private Path directory;

    private TestServer server;
    private Client client;

    @BeforeEach
    void start() {
        server = TestServer.start(directory, ServerConfig.local());
        client = new Client(server.server().uri(), Client.Options.DEFAULTS);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void eventsAreStoredOnceAndInBatches() {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 1_201; i++) {
            events.add(new Event(USER, "i" + i % 30, Instant.EPOCH.plusSeconds(i), "e" + i));
        }
        assertThat(client.send(events))
                .hasSize(1_201)
                .extracting(EventResult::status)
                .containsOnly("accepted");
        List<EventResult> again = client.send(List.of(events.getLast(), Event.of(USER, "zz")));
        assertThat(again)
                .containsExactly(
                        new EventResult("duplicate", 1_200, null),
                        new EventResult("accepted_unknown_item", 1_201, null));
        assertThat(client.forget(USER)).isTrue();
        assertThat(client.forget(USER)).isFalse();
    }

    @Test
    void readinessNeedsAnAnswer() {
        assertThat(client.ready()).isTrue();
        server.close();
        assertThatThrownBy(client::ready).isInstanceOf(ClientException.class).hasMessageContaining("does not answer");
    }

    @Test
    void listsTakeConditions() {
        client.putItems(List.of(
                Map.of("item", "i1", "title", "Mug", "attributes", Map.of("price", 5)),
                Map.of("item", "i2", "attributes", Map.of("price", 9))));
        client.send(List.of(Event.of(USER, "i3"), Event.of(USER, "i4")));
        ItemList list = client.recommend(USER, ListOptions.of(4).unseen());
        assertThat(list.items()).hasSize(4).extracting(Item::item).doesNotContain("i3", "i4");
        assertThat(list.basis()).isEqualTo("personal");
        assertThat(list.events()).isEqualTo(2);
        Item mug = client.recommend(USER, ListOptions.DEFAULTS.where("price < 9"))
                .items()
                .getFirst();
        assertThat(mug.item()).isEqualTo("i1");
        assertThat(mug.name()).isEqualTo("Mug");
        assertThat(client.recommend(USER, ListOptions.DEFAULTS.where("price < 1"))
                        .emptiedBy())
                .isEqualTo("filter");
        ListOptions some =
                ListOptions.DEFAULTS.among(List.of("i7", "i8", "a,b")).without(List.of("i8"));
        assertThat(client.recommend(USER, some.diverse(0.2).explained()).items())
                .extracting(Item::item)
                .containsExactly("i7");
        assertThat(client.recommendAfter(List.of("i3"), some).items())
                .extracting(Item::item)
                .containsExactly("i7");
        assertThat(client.recommend(USER, ListOptions.DEFAULTS.among(List.of("a,b")))
                        .emptiedBy())
                .isEqualTo("request");
        History visit = History.of(List.of("i3", "i4")).as(Arrays.asList("view", null));
        assertThat(client.recommendAfter(List.of("i3"), ListOptions.of(2)).items())
                .hasSize(2);
        assertThat(client.recommendAfter(visit, ListOptions.of(2)).events()).isEqualTo(2);
        assertThat(
                        client
                                .shelvesAfter(visit, List.of(ShelfRequest.of("recently_viewed", 5)))
                                .getFirst()
                                .items()
                                .stream()
                                .map(Item::item))
                .containsExactly("i4", "i3");
        History tooLong = visit.valued(List.of(1.0, 2.0, 3.0));
        assertThatThrownBy(() -> client.recommendAfter(visit.as(List.of("view")), ListOptions.of(2)))
                .hasMessageContaining("400: types has 1 elements, and history has 2");
        assertThatThrownBy(() -> client.shelvesAfter(tooLong, List.of(ShelfRequest.of("new", 5))))
                .hasMessageContaining("400: values has 3 elements, and history has 2");
        client.putScenario("home", Map.of("k", 2, "rules", List.of(Map.of("type", "pin", "item", "i9", "place", 1))));
        List<Item> home =
                client.recommend(USER, ListOptions.DEFAULTS.in("home")).items();
        assertThat(home).hasSize(2);
        assertThat(home.getFirst().item()).isEqualTo("i9");
        assertThat(client.similar("i3", ListOptions.of(3))).hasSize(3);
        List<Shelf> shelves = client.shelves(
                USER,
                List.of(
                        ShelfRequest.of("recently_viewed", 2),
                        new ShelfRequest("complete", List.of("i7"), ListOptions.of(3))));
        assertThat(shelves.getFirst().items()).extracting(Item::item).containsExactly("i4", "i3");
        assertThat(shelves.getLast().items()).hasSize(3);
        assertThat(client.shown(USER, List.of("i8", "i9"), "home")).isEqualTo(2);
    }

    @Test
    void contextDecidesOnListsOfUnknownUsers() {
        Map<String, String> context = Map.of("country", "DE", "referrer_item", "i3");
        assertThat(client.send(List.of(Event.of(USER, "i1").in(context))))
                .extracting(EventResult::status)
                .containsExactly("accepted");
        ItemList referred = client.recommend("nobody", context, ListOptions.of(4));
        assertThat(referred.basis()).isEqualTo("referrer");
        assertThat(referred.items()).hasSize(4);
        assertThat(client.recommendIn(context, ListOptions.of(4)).items()).isEqualTo(referred.items());
        assertThat(client.shelves(null, context, List.of(ShelfRequest.of("personal", 4)))
                        .getFirst()
                        .items())
                .isEqualTo(referred.items());
        assertThatThrownBy(() -> client.recommendIn(Map.of("", "DE"), ListOptions.DEFAULTS))
                .hasMessageContaining("400: context: the name ''");
    }

    @Test
    void catalogueIsReadInPages() {
        client.putItems(List.of(
                Map.of("item", "i1", "title", "Red mug", "attributes", Map.of("price", 5)),
                Map.of("item", "i2", "attributes", Map.of("price", 9))));
        assertThat(client.findItems(ItemQuery.ALL).total()).isEqualTo(TestServer.ITEMS);
        ItemQuery priced = ItemQuery.ALL.where("price > 1");
        ItemPage page = client.findItems(priced.withAttributes().page(1, null));
        assertThat(page.items())
                .containsExactly(
                        Map.of("item", "i1", "name", "Red mug", "title", "Red mug", "attributes", Map.of("price", 5)));
        assertThat(page.total()).isEqualTo(2);
        assertThat(client.findItems(priced.page(1, page.next())))
                .isEqualTo(new ItemPage(List.of(Map.of("item", "i2")), 2, null));
        assertThat(client.findItems(ItemQuery.of("red mug")).items()).hasSize(1);
    }

    @Test
    void refusalsSayWhy() {
        assertThatThrownBy(() -> client.recommend(USER, ListOptions.DEFAULTS.where("price <")))
                .isInstanceOfSatisfying(
                        ClientException.class,
                        refused -> assertThat(refused.status()).isEqualTo(400))
                .hasMessageContaining("400: filter, column");
        Client.Options impatient = new Client.Options("token", 2, Duration.ofSeconds(1), Duration.ofMillis(1));
        try (Client nobody = new Client(URI.create("http://127.0.0.1:1"), impatient)) {
            assertThatThrownBy(() -> nobody.similar("i1", ListOptions.DEFAULTS))
                    .isInstanceOfSatisfying(
                            ClientException.class,
                            failed -> assertThat(failed.status()).isZero());
        }
    }
}
