package io.github.ttt4rec.serve.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.api.TrainedModel;
import io.github.ttt4rec.baseline.Gru4Rec;
import io.github.ttt4rec.catalogue.AttributeValue;
import io.github.ttt4rec.catalogue.Category;
import io.github.ttt4rec.catalogue.ItemAttributes;
import io.github.ttt4rec.catalogue.ItemRecord;
import io.github.ttt4rec.catalogue.Scenario;
import io.github.ttt4rec.catalogue.TimeWindow;
import io.github.ttt4rec.hybrid.HybridConfig;
import io.github.ttt4rec.recommend.ItemFilter;
import io.github.ttt4rec.recommend.Recommendation;
import io.github.ttt4rec.serve.Ending;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.EngineConfig;
import io.github.ttt4rec.serve.engine.Experiment;
import io.github.ttt4rec.serve.engine.ListRequest;
import io.github.ttt4rec.serve.engine.SeenItem;
import io.github.ttt4rec.serve.http.Listen;
import io.github.ttt4rec.serve.http.RecommendationServer;
import io.github.ttt4rec.serve.http.ServerConfig;
import io.github.ttt4rec.serve.http.Tenant;
import io.github.ttt4rec.serve.http.Tokens;
import io.github.ttt4rec.serve.store.Durability;
import io.github.ttt4rec.serve.store.Event;
import io.github.ttt4rec.serve.store.EventStore;
import io.github.ttt4rec.serve.store.Impression;
import io.github.ttt4rec.serve.store.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** Tests the page as a person uses it, with a real server, model and Chromium, and real clicks and keys. */
class PageTest {
    private static final int K = 10;
    private static final String ADAPTIVE = "#adaptive li";
    private static final String FROZEN = "#frozen li";
    private static final String CLIENT = "client-token-0123456789";
    private static final String ADMIN = "admin-token-0123456789";
    /** Text that would be an element and run a script if a page inserted it as HTML. */
    private static final String HOSTILE = "<img src=x onerror='window.hostile=1'>";
    /** The same without the sign that separates categories. */
    private static final String HOSTILE_CATEGORY = "<img src=x onerror='window.hostile=1'";

    @TempDir
    private static Path directory;

    private static Browser browser;
    private static TrainedModel model;
    private static Engine engine;
    private static RecommendationServer server;
    private static int stores;

    @BeforeAll
    static void start() throws Exception {
        browser = Browser.start(directory.resolve("profile"));
        model = Shop.train(Shop.ADAPTIVE, directory);
        engine = engine(model);
        server = RecommendationServer.start(engine, ServerConfig.local().withNames(Shop.names()));
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        if (server != null) {
            server.close();
            engine.close();
        }
    }

    private static Engine engine(TrainedModel model) {
        Path file = directory.resolve("state-" + stores++ + ".db");
        return Engine.open(
                model,
                EventStore.open(file, new StoreConfig(Durability.OFF, 0, Duration.ZERO)),
                EngineConfig.defaults());
    }

    @BeforeEach
    void onADesk() {
        browser.emulate(1280, 900, "light", "no-preference");
    }

    @AfterEach
    void consoleShowsNoErrors() {
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void pageSaysThatANewCustomerIsUnknown() {
        openPage();
        assertThat(customer()).startsWith("guest-");
        assertThat(browser.text("#adaptive .basis")).startsWith("Popularity");
        assertThat(items(ADAPTIVE))
                .isEqualTo(
                        ids(engine.recommend(customer(), K, ItemFilter.UNSEEN).items()));
        assertThat(items(FROZEN)).isEqualTo(items(ADAPTIVE));
        assertThat(browser.texts(ADAPTIVE + " .name").getFirst())
                .isEqualTo("Buy " + readable(items(ADAPTIVE).getFirst()));
        assertThat(browser.text("#history-note")).isEqualTo("No purchases yet.");
        assertThat(browser.all("#chart circle, #chart rect")).isEmpty();
        assertThat(browser.text("#model")).contains("60 products", model.version());
        assertThat(engine.user(customer()))
                .as("nothing is stored before anything is bought")
                .isEmpty();
    }

    @Test
    void aPurchaseIsStoredAndMovesTheRanking() {
        openPage();
        List<String> before = items(ADAPTIVE);
        buyRow(3);
        List<String> after = items(ADAPTIVE);

        assertThat(engine.user(customer()).orElseThrow().history())
                .extracting(SeenItem::item)
                .containsExactly(before.get(2));
        assertThat(browser.text("#adaptive .basis")).isEqualTo("Personal, after 1 purchase");
        assertThat(after)
                .isEqualTo(
                        ids(engine.recommend(customer(), K, ItemFilter.UNSEEN).items()))
                .isNotEqualTo(before)
                .doesNotContain(before.get(2));
        assertThat(browser.texts(ADAPTIVE + " .move")).isEqualTo(moves(before, after));
        assertThat(browser.text("#adaptive .left")).contains(readable(before.get(2)) + " (bought)");
        assertThat(browser.text("#announcer"))
                .startsWith("Bought " + readable(before.get(2)))
                .endsWith("First is now " + readable(after.getFirst()) + ".");

        buyRow(1);
        assertThat(browser.texts(ADAPTIVE + " .move")).isEqualTo(moves(after, items(ADAPTIVE)));
        assertThat(browser.text("#adaptive .basis")).isEqualTo("Personal, after 2 purchases");
    }

    @Test
    void historyAndChartShowWhatEachPurchaseDid() {
        openPage();
        for (int purchases = 1; purchases <= 3; purchases++) {
            buyRow(purchases);
            browser.waitForCount("#chart circle", purchases);
            browser.waitForCount("#chart rect", purchases);
        }
        List<SeenItem> history = engine.user(customer()).orElseThrow().history();
        assertThat(browser.texts("#history tr > *"))
                .as("latest first")
                .isEqualTo(history.reversed().stream()
                        .flatMap(each -> List.of(
                                String.valueOf(each.position() + 1),
                                readable(each.item()),
                                String.format(Locale.ROOT, "%.2f", each.innerLoss()),
                                String.format(Locale.ROOT, "%.3f", each.change()))
                                .stream())
                        .toList());
        assertThat(history).allSatisfy(each -> assertThat(each.change()).isPositive());
        assertThat(browser.texts("#chart circle"))
                .hasSize(3)
                .last()
                .asString()
                .startsWith("3. " + readable(history.getLast().item()));
        for (String list : List.of("#adaptive", "#frozen")) {
            assertThat(browser.text(list + " .latency")).matches("Server [0-9.]+ ms · round trip [0-9.]+ ms");
        }
        assertThat(browser.text("#bought")).matches("Stored in [0-9.]+ ms: .+");
    }

    @Test
    void adaptiveAndFrozenStandSideBySideAndDiffer() {
        openPage();
        buyRow(1);
        buyRow(4);
        buyRow(2);
        List<String> history = history(customer());
        List<String> adaptive =
                ids(engine.recommend(customer(), K, ItemFilter.UNSEEN).items());
        List<String> frozen = ids(engine.recommendFrozen(history, List.of(), new ListRequest(K, ItemFilter.UNSEEN))
                .items());
        assertThat(items(ADAPTIVE)).isEqualTo(adaptive);
        assertThat(items(FROZEN)).isEqualTo(frozen).isNotEqualTo(adaptive);
        long shared = frozen.stream().filter(adaptive::contains).count();
        assertThat(browser.text("#frozen .basis"))
                .isEqualTo("Personal, after 3 purchases · shares " + shared + " of 10");
        assertThat(browser.all("#gutter path"))
                .as("a line for each item in both lists")
                .hasSize((int) shared);

        browser.click("#repeat");
        browser.waitForText("#adaptive .moved", "new in the list");
        assertThat(items(ADAPTIVE))
                .isEqualTo(ids(engine.recommend(customer(), K, ItemFilter.NONE).items()));
    }

    @Test
    void theSearchFindsAndBuys() {
        openPage();
        browser.click("#search");
        browser.waitForText("#search-title", "Popular");
        browser.type("mug st");
        browser.waitForCount("#search-options li", 2);
        assertThat(browser.texts("#search-options .name"))
                .containsExactlyInAnyOrder("Coffee mug stars", "Coffee mug stripes");
        String second = browser.texts("#search-options .name").getLast();
        browser.click("#search-options li:nth-child(2)");
        browser.waitForText("#history", second);
        assertThat(readable(history(customer()).getFirst())).isEqualTo(second);

        browser.click("#browse");
        browser.waitForText("#search-title", "Similar to " + second);
        browser.type(Keys.ESCAPE, "no such thing");
        browser.waitForText("#search-title", "No product");
    }

    @Test
    void theKeyboardAloneIsEnough() {
        openPage();
        browser.tabTo("#search");
        browser.type("candle");
        browser.waitForCount("#search-options li", 12);
        browser.type(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_UP, Keys.ENTER);
        browser.waitForCount("#history tr", 1);
        browser.waitForText("#frozen .basis", "after 1 purchase");
        assertThat(browser.focused()).as("one goes on where one was").contains("id=\"search\"");

        browser.tabTo("#adaptive li:nth-child(2) button");
        String second = items(ADAPTIVE).get(1);
        browser.type(Keys.SPACE);
        browser.waitForCount("#history tr", 2);
        browser.waitForText("#frozen .basis", "after 2 purchases");
        assertThat(history(customer())).last().isEqualTo(second);
        assertThat(browser.run("return document.activeElement.closest('li').dataset.item"))
                .as("its row is gone, the focus is on the one in its place")
                .isEqualTo(items(ADAPTIVE).get(1));
        browser.type(Keys.ENTER);
        browser.waitForCount("#history tr", 3);
        browser.waitForText("#frozen .basis", "after 3 purchases");

        while (!browser.focused().contains("id=\"forget\"")) {
            browser.shiftTab();
        }
        browser.type(Keys.ENTER);
        assertThat(browser.focused()).contains("forget-yes");
        browser.type(Keys.SPACE);
        browser.waitForText("#announcer", "is forgotten: 3 purchases deleted");
        assertThat(engine.user(customer())).isEmpty();
    }

    @Test
    void aSampleCustomerBeginsWithSomePurchases() {
        openPage();
        browser.waitForCount("#samples button", 3);
        String first = customer();
        browser.click("#samples li:nth-child(2) button");
        browser.waitForText("#frozen .basis", "after 3 purchases");
        assertThat(customer()).startsWith("guest-").isNotEqualTo(first);
        assertThat(history(customer())).hasSize(3).doesNotHaveDuplicates();
        assertThat(items(ADAPTIVE))
                .isEqualTo(
                        ids(engine.recommend(customer(), K, ItemFilter.UNSEEN).items()));

        browser.back();
        browser.waitForText("#customer-id", first);
        browser.waitForText("#frozen .basis", "Popularity");
    }

    @Test
    void theServersExamplesCanBeChosen() {
        Engine own = engine(model);
        own.append(List.of(new Event("17850", "P201", 1_700_000_000_000_000L, "a")));
        try (RecommendationServer other = RecommendationServer.start(
                own, ServerConfig.local().withNames(Shop.names()).withExampleUsers(List.of("17850", "12583")))) {
            browser.open(other.uri().toString());
            browser.waitForCount("#samples button", 2);
            browser.click("#samples li:first-child button");
            browser.waitForText("#frozen .basis", "after 1 purchase");
            assertThat(customer()).isEqualTo("17850");
            assertThat(browser.texts("#history th")).containsExactly(readable("P201"));
        } finally {
            own.close();
        }
    }

    @Test
    void aCustomerOfTheShopIsNeverAddedTo() {
        String id = "Müller & Söhne/<1>";
        engine.append(List.of(
                new Event(id, "P101", 1_700_000_000_000_000L, "a"),
                new Event(id, "gone", 1_700_000_001_000_000L, "b"),
                new Event(id, "P102", 1_700_000_002_000_000L, "c")));
        openPage();
        browser.click("#open-id");
        browser.type(id, Keys.ENTER);
        browser.waitForText("#customer-id", id);
        browser.waitForText("#frozen .basis", "after 3 purchases");
        assertThat(browser.texts("#history th")).containsExactly("Lunch bag blue", "unknowngone", "Lunch bag red");
        assertThat(browser.see("#history").getText()).contains("–");
        assertThat(browser.all("#forget").getFirst().isDisplayed())
                .as("not for the page to forget")
                .isFalse();

        browser.click("#adaptive li:nth-child(1) button");
        browser.waitForText("#frozen .basis", "after 4 purchases");
        assertThat(customer()).startsWith("guest-");
        assertThat(history(customer())).startsWith("P101", "gone", "P102").hasSize(4);
        assertThat(history(id)).containsExactly("P101", "gone", "P102");
        assertThat(browser.see("#forget").isDisplayed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1280, 900, light", "1280, 900, dark", "390, 844, light", "390, 844, dark"})
    void pageIsAccessibleAndFitsTheWindow(int width, int height, String colours) {
        browser.emulate(width, height, colours, "no-preference");
        openPage();
        check("cold");
        buyRow(1);
        buyRow(2);
        check("after two purchases");
        browser.click("#search");
        browser.waitForText("#search-title", "Similar");
        browser.type(Keys.ARROW_DOWN);
        check("searching");
        browser.type(Keys.ESCAPE);
        browser.click("#forget");
        check("asking whether to forget");
        browser.run(
                "document.querySelector('#problem').hidden = false; document.querySelector('#token-dialog').showModal()");
        check("with a problem and the dialog");
        assertThat(brightness("body")).satisfies(value -> {
            if (colours.equals("dark")) {
                assertThat(value).isLessThan(60);
            } else {
                assertThat(value).isGreaterThan(200);
            }
        });

        browser.open(server.uri() + "guide.html");
        browser.waitForText("h1", "How it works");
        check("guide");
        browser.open(server.uri() + "api.html");
        browser.waitForText("#document", "openapi: 3.1");
        check("API document");
    }

    private static void check(String state) {
        assertThat(browser.accessibilityProblems()).as(state).isEmpty();
        assertThat(browser.overflows()).as("%s: scrolls sideways", state).isFalse();
    }

    private static double brightness(String css) {
        Object value = browser.run(
                "const [r, g, b] = getComputedStyle(document.querySelector(arguments[0])).backgroundColor.match(/\\d+/g)"
                        + ".map(Number); return (r + g + b) / 3 + 0.001",
                css);
        return ((Number) value).doubleValue();
    }

    @Test
    void rowsAreAnimatedUnlessReducedMotionIsPreferred() {
        openPage();
        String count = "window.glides = 0; const animate = Element.prototype.animate;"
                + "Element.prototype.animate = function (...all) { window.glides++; return animate.apply(this, all); }";
        browser.run(count);
        buyRow(1);
        assertThat((Long) browser.run("return window.glides")).isGreaterThanOrEqualTo(K);

        browser.emulate(1280, 900, "light", "reduce");
        openPage();
        browser.run(count);
        buyRow(1);
        assertThat((Long) browser.run("return window.glides")).isZero();
        assertThat(browser.text(ADAPTIVE + " .moved"))
                .as("what moved is said all the same")
                .contains("new in the list");
    }

    @Test
    void layoutIsStableWhileThePageLoads() {
        openPage();
        browser.waitForCount("#samples button", 3);
        buyRow(1);
        Object shift = browser.run("""
                return new Promise((done) => {
                    new PerformanceObserver((list) => done(list.getEntries().map((entry) => entry.value)
                        .reduce((sum, value) => sum + value, 0.0001))).observe({type: 'layout-shift', buffered: true});
                    setTimeout(() => done(0.0001), 500);
                })""");
        assertThat(((Number) shift).doubleValue()).isLessThan(0.02);
    }

    @Test
    void purchaseWaitsForAServerThatIsGoneAndIsSentOnce() throws IOException {
        Engine own = engine(model);
        RecommendationServer first =
                RecommendationServer.start(own, ServerConfig.local().withNames(Shop.names()));
        try {
            browser.open(first.uri().toString());
            browser.waitForText("#frozen .latency", "round trip");
            browser.waitForCount("#samples button", 3); // the last request that the page sends by itself
            String bought = items(ADAPTIVE).getFirst();
            first.close();
            browser.click("#adaptive li:nth-child(1) button");
            browser.waitForText("#problem", "The server does not answer");
            assertThat(browser.see("#problem").getText()).contains("1 purchase waits to be sent");
            browser.click("#again");
            browser.waitForText("#problem", "1 purchase waits to be sent");
            assertThat(own.user(customer())).isEmpty();
            assertThat(browser.complaints())
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line).contains("ERR_CONNECTION"));

            try (RecommendationServer second = RecommendationServer.start(
                    own,
                    ServerConfig.local()
                            .withNames(Shop.names())
                            .withListen(Listen.local(first.uri().getPort())))) {
                browser.click("#again");
                browser.waitForText("#frozen .basis", "after 1 purchase");
                assertThat(own.user(customer()).orElseThrow().history())
                        .extracting(SeenItem::item)
                        .containsExactly(bought);
                assertThat(browser.all("#problem").getFirst().isDisplayed()).isFalse();
                assertThat(second.uri()).isEqualTo(first.uri());
            }
        } finally {
            own.close();
        }
        browser.complaints();
    }

    @Test
    void aTokenIsAskedForAndKeptInTheTab() throws IOException {
        Path clients = Files.writeString(directory.resolve("clients"), "client-token-0123456789\n");
        Path admins = Files.writeString(directory.resolve("admins"), "admin-token-0123456789\n");
        Engine own = engine(model);
        try (RecommendationServer guarded = RecommendationServer.start(
                own, ServerConfig.local().withNames(Shop.names()).withTokens(Tokens.read(clients, admins)))) {
            browser.open(guarded.uri().toString());
            browser.see("#token");
            browser.type("wrong", Keys.ENTER);
            browser.waitForText("#token-why", "was refused");
            browser.see("#token");
            browser.type("client-token-0123456789", Keys.ENTER);
            browser.waitForText("#frozen .basis", "Popularity");
            assertThat(browser.run("return Object.values(sessionStorage).join()"))
                    .isEqualTo("client-token-0123456789");
            assertThat(browser.run("return localStorage.length + document.cookie.length"))
                    .isEqualTo(0L);

            buyRow(1);
            browser.click("#forget");
            browser.click("#forget-yes");
            browser.click("#give-token");
            browser.see("#token");
            browser.type("admin-token-0123456789", Keys.ENTER);
            browser.waitForText("#announcer", "is forgotten: 1 purchase deleted");
            assertThat(own.user(customer())).isEmpty();
        } finally {
            own.close();
        }
        assertThat(browser.complaints()).allSatisfy(line -> assertThat(line).containsAnyOf("401", "403"));
    }

    @Test
    void aModelThatDoesNotAdaptHasNoSecondListAndNoChart() throws Exception {
        TrainedModel plain = Shop.train(new Gru4Rec.Config(16, 16, 1, 0.1), directory);
        Engine own = engine(plain);
        try (RecommendationServer without = RecommendationServer.start(own, ServerConfig.local())) {
            browser.open(without.uri().toString());
            browser.waitForText("#adaptive .latency", "round trip");
            browser.click("#adaptive li:nth-child(1) button");
            browser.waitForText("#adaptive .basis", "after 1 purchase");
            browser.waitForCount("#history tr", 1);
            for (String css : List.of("#frozen", "#learning", ".idea", "#history .inner")) {
                assertThat(browser.all(css)).isNotEmpty().noneMatch(each -> each.isDisplayed());
            }
            assertThat(browser.see("#adaptive-heading").getText()).isEqualTo("Model: gru4rec");
            assertThat(browser.texts("#history th"))
                    .as("no names were given: ids")
                    .isEqualTo(own.user(customer()).orElseThrow().history().stream()
                            .map(SeenItem::item)
                            .toList());
            check("without fast weights");
        } finally {
            own.close();
        }
    }

    @Test
    void shelvesFollowTheCustomerAndHoldWhatTheFilterLeaves() throws Exception {
        Engine own = engine(Shop.train(HybridConfig.defaults().withNetwork(Shop.ADAPTIVE), directory));
        own.putItems(Shop.names().keySet().stream()
                .map(item -> new ItemRecord(item, Shop.attributes(item)))
                .toList());
        try (RecommendationServer hybrid =
                RecommendationServer.start(own, ServerConfig.local().withNames(Shop.names()))) {
            browser.open(hybrid.uri().toString());
            browser.waitForText("#frozen .latency", "round trip");
            browser.waitForCount(".shelf", 4);
            assertThat(browser.texts("#category option")).contains("mugs (12)");
            assertThat(browser.text("[data-kind=because] .note")).isEqualTo("Nothing yet.");
            String bought = items(ADAPTIVE).getFirst();
            buyRow(1);
            browser.waitForText("[data-kind=because] h3", "Because of " + readable(bought));
            assertThat(browser.texts("[data-kind=because] .why"))
                    .isNotEmpty()
                    .anySatisfy(why -> assertThat(why).contains(readable(bought) + " +", "Network"));
            List<String> shown = items(".shelf li");
            assertThat(shown).doesNotHaveDuplicates().doesNotContain(bought);

            browser.run("const all = document.querySelector('#category'); all.value = 'mugs';"
                    + " all.dispatchEvent(new Event('change'))");
            browser.waitForCount(".shelf li:not([data-item^=P2])", 0);
            assertThat(items(".shelf li")).isNotEmpty().doesNotHaveDuplicates();
            check("with shelves");
            browser.emulate(390, 844, "dark", "no-preference");
            check("with shelves on a telephone");
        } finally {
            own.close();
        }
    }

    /** With {@code -Dttt4rec.pictures=DIR}, also writes pictures of the editor to that directory. */
    @Test
    void rulesAreWrittenTriedAndDeletedOnTheirPage() throws Exception {
        Engine own = engine(model);
        own.putItems(Shop.names().keySet().stream()
                .map(item -> new ItemRecord(item, Shop.attributes(item)))
                .toList());
        try (RecommendationServer shop =
                RecommendationServer.start(own, ServerConfig.local().withNames(Shop.names()))) {
            browser.open(shop.uri() + "rules.html");
            browser.waitForText("#scenario", "none yet");
            check("without scenarios");
            browser.click("#new-name");
            browser.type("home", Keys.ENTER);
            browser.waitForText("#editor-heading", "Scenario home");
            browser.click("#add");
            browser.type("category = mugs");
            browser.click("#save");
            browser.waitForText("#rules-problem", "rules[0].where, column 12");
            assertThat(browser.focused()).as("the field at fault").contains("rule-0-where");
            assertThat(browser.complaints()).singleElement().asString().contains("400");
            check("with a problem");

            browser.run("document.querySelector('#rule-0-where').select()");
            browser.type("category = \"mugs\"");
            addRule("at_most");
            browser.type("2", Keys.TAB, "category");
            addRule("pin");
            browser.type("P101", Keys.TAB, "2");
            browser.click("#save");
            browser.waitForText("#saved", "Saved: 3 rules.");
            assertThat(own.scenarios().get("home").scenario().rules()).hasSize(3);
            browser.waitForCount("#list li", 8);
            assertThat(items("#list li")).element(1).isEqualTo("P101");
            assertThat(items("#list li")).noneMatch(item -> item.startsWith("P2"));
            assertThat(browser.texts("#list .pinned")).containsExactly("pinned");

            browser.open(shop.uri() + "rules.html"); // The only scenario is open.
            browser.waitForCount("#rules li", 3);
            browser.waitForText("#editor-heading", "Scenario home");
            assertThat(browser.run("return document.querySelector('#scenario').value"))
                    .isEqualTo("home");
            own.putScenario(new Scenario("aside", null, null, null, null, List.of()), "{}");
            browser.open(shop.uri() + "try.html");
            browser.open(shop.uri() + "rules.html");
            browser.waitForText("#scenario", "choose");
            assertThat(browser.all("#rules li")).isEmpty();
            own.removeScenario("aside");
            browser.open(shop.uri() + "rules.html#home");
            browser.waitForCount("#rules li", 3);
            for (String colours : List.of("light", "dark")) {
                browser.emulate(1280, 900, colours, "no-preference");
                check(colours + " on a desk");
                picture("rules-" + colours);
                browser.emulate(390, 844, colours, "no-preference");
                check(colours + " on a telephone");
                picture("rules-" + colours + "-390");
            }
            browser.click("#remove");
            browser.click("#remove-yes");
            browser.waitForText("#scenario", "none yet");
            assertThat(own.scenarios()).isEmpty();
        } finally {
            own.close();
        }
    }

    /** Adds a rule of a type; its first field gets the focus. */
    private static void addRule(String type) {
        browser.run("document.querySelector('#add-type').value = arguments[0]", type);
        browser.click("#add");
    }

    /** Creates a server of a shop whose items have attributes, some of them hostile as HTML. */
    private static Engine withAttributes(TrainedModel model) {
        Engine own = engine(model);
        own.putItems(Shop.names().keySet().stream()
                .map(item -> new ItemRecord(item, Shop.attributes(item)))
                .toList());
        own.putItems(List.of(new ItemRecord(
                "P105",
                new ItemAttributes(
                        HOSTILE,
                        HOSTILE,
                        HOSTILE,
                        List.of(Category.parse("bags > " + HOSTILE_CATEGORY)),
                        List.of(HOSTILE),
                        Map.of("colour", new AttributeValue.Words(List.of(HOSTILE))),
                        TimeWindow.ALWAYS))));
        return own;
    }

    private static void nothingHostileRan() {
        assertThat(browser.run("return window.hostile === undefined && document.querySelector('main img') === null"))
                .as("text of items is text")
                .isEqualTo(true);
    }

    /** With {@code -Dttt4rec.pictures=DIR}, also writes pictures of the catalogue to that directory. */
    @Test
    void catalogueIsSearchedFilteredAndPaged() throws Exception {
        Engine own = withAttributes(Shop.train(HybridConfig.defaults().withNetwork(Shop.ADAPTIVE), directory));
        try (RecommendationServer shop = RecommendationServer.start(own, ServerConfig.local())) {
            browser.open(shop.uri() + "catalogue.html");
            browser.waitForText("#total", "20 of 60 items");
            assertThat(browser.text("nav [aria-current]")).isEqualTo("Catalogue");
            browser.click("#more");
            browser.waitForText("#total", "40 of 60 items");
            assertThat(browser.run("return document.activeElement.closest('li').dataset.item"))
                    .as("the first of the new items has the focus")
                    .isEqualTo(items("#items li").get(20));
            browser.click("#more");
            browser.waitForCount("#items li", 60);
            browser.waitForText("#total", "60 items");
            assertThat(items("#items li")).hasSize(60).doesNotHaveDuplicates();
            assertThat(browser.see("#found")
                            .findElements(By.id("more"))
                            .getFirst()
                            .isDisplayed())
                    .isFalse();

            browser.click("[data-category=mugs]");
            browser.waitForText("#total", "12 items");
            assertThat(items("#items li")).allMatch(item -> item.startsWith("P2"));
            browser.click("#filter");
            browser.type("price <", Keys.ENTER);
            browser.waitForText("#filter-problem", "Column 1: no item has an attribute 'price'");
            assertThat(browser.focused()).as("the field at fault").contains("id=\"filter\"");
            assertThat(browser.complaints()).singleElement().asString().contains("400");
            check("with a problem of the filter");
            browser.run("document.querySelector('#filter').select()");
            browser.type("item in (\"P201\", \"P101\")", Keys.ENTER);
            browser.waitForText("#total", "1 item");
            browser.run("document.querySelector('#filter').value = ''");
            browser.click("#query");
            browser.type("no such thing", Keys.ENTER);
            browser.waitForText("#total", "No item matches.");

            browser.open(shop.uri() + "catalogue.html#P105");
            browser.waitForText("#item-heading", HOSTILE);
            assertThat(browser.texts("#item-attributes dd")).contains("P105", "bags > " + HOSTILE_CATEGORY, HOSTILE);
            assertThat(items("#similar li"))
                    .isEqualTo(ids(own.similarItems("P105", new ListRequest(K, ItemFilter.NONE))
                            .items()));
            nothingHostileRan();
            String nearest = items("#similar li").getFirst();
            browser.click("#similar li:first-child a");
            browser.waitForText("#item-attributes dd", nearest);
            browser.click("[data-item=P101] button");
            browser.waitForText("#item-attributes dd", "P101");
            inEachLook("catalogue");
        } finally {
            own.close();
        }
    }

    @Test
    void aScenarioIsTriedWithExplanationsAndTheReasonsForAShortList() throws Exception {
        Engine own = withAttributes(Shop.train(HybridConfig.defaults().withNetwork(Shop.ADAPTIVE), directory));
        own.append(List.of(
                new Event("anna", "P201", 1_700_000_000_000_000L, "a"),
                new Event("anna", "P105", 1_700_000_001_000_000L, "b")));
        try (RecommendationServer shop = RecommendationServer.start(
                own, ServerConfig.local().withNames(Shop.names()).withExampleUsers(List.of("anna")))) {
            browser.open(shop.uri() + "rules.html");
            browser.click("#new-name");
            browser.type("home", Keys.ENTER);
            addRule("never");
            browser.type("category = \"mugs\"");
            addRule("at_most");
            browser.type("3", Keys.TAB, "category");
            browser.click("#save");
            browser.waitForText("#saved", "Saved: 2 rules.");
            browser.waitForCount("#list li", K);

            browser.open(shop.uri() + "try.html");
            browser.waitForText("#try-note", "Popularity: 10 items for a newcomer");
            browser.click("#user");
            browser.type("anna");
            browser.run("document.querySelector('#scenario').value = 'home'");
            browser.run("document.querySelector('#seen').value = 'true'");
            browser.click("#filter");
            browser.type("category in (\"bags\", \"mugs\")", Keys.ENTER);
            browser.waitForText("#try-note", "Personal: 3 items of home for anna, after 2 events");
            assertThat(items("#list li")).hasSize(3).allMatch(item -> item.startsWith("P1"));
            assertThat(browser.texts("#list .why"))
                    .hasSize(3)
                    .anySatisfy(why -> assertThat(why).contains("etwork", "+"));
            assertThat(browser.texts("#left li"))
                    .containsExactly(
                            "2 items left out by the request, such as items that the user had, 58 items left",
                            "36 items left out by the filter, 22 items left",
                            "11 items left out by rule 1, 11 items left",
                            "8 items left out by rule 2, 3 items left");
            assertThat((String) browser.run("return location.hash")).contains("user=anna", "scenario=home");
            inEachLook("try");

            browser.emulate(1280, 900, "light", "no-preference");
            browser.run("document.querySelector('#filter').select()");
            browser.run("document.querySelector('#filter').value = 'category = \"mugs\"'");
            browser.click("#try-form .main");
            browser.waitForText("#try-note", "The list of home is empty: the last items are left out by rule 1.");
            browser.run("document.querySelector('#category').value = 'bags'");
            browser.run("document.querySelector('#filter').value = 'item ='");
            browser.click("#try-form .main");
            browser.waitForText("#filter-problem", "Column ");
            assertThat(browser.complaints()).singleElement().asString().contains("400");
            nothingHostileRan();
        } finally {
            own.close();
        }
    }

    @Test
    void timelineShowsTheEventsOfAUserBesideTheListAsItIsNow() {
        Engine own = withAttributes(model);
        List<String> products = List.copyOf(Shop.names().keySet());
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            events.add(new Event(
                    HOSTILE, products.get(i * 7 % 50), 1_700_000_000_000_000L + 10_000_000_000L * i, "e" + i));
        }
        own.append(events);
        try (RecommendationServer shop = RecommendationServer.start(
                own, ServerConfig.local().withNames(Shop.names()).withExampleUsers(List.of(HOSTILE)))) {
            browser.open(shop.uri() + "users.html");
            browser.waitForCount("#examples-line a", 1);
            check("without a user");
            browser.click("#user");
            browser.type("nobody", Keys.ENTER);
            browser.waitForText("#user-note", "No events of this user are stored.");
            browser.waitForText("#now-note", "Popularity");
            browser.click("#examples-line a");
            browser.waitForText("#timeline-heading", HOSTILE);
            browser.waitForText("#user-note", "120 events");
            browser.click("#earlier");
            browser.waitForCount("#events tbody tr", 100);
            browser.click("#earlier");
            browser.waitForCount("#events tbody tr", 120);
            assertThat(browser.texts("#events tbody th"))
                    .as("latest first")
                    .isEqualTo(events.reversed().stream()
                            .map(event -> readable(event.item()))
                            .toList());
            assertThat(browser.all("#earlier").getFirst().isDisplayed()).isFalse();
            assertThat(items("#list li"))
                    .hasSize(K)
                    .isEqualTo(ids(own.recommend(HOSTILE, K, ItemFilter.UNSEEN).items()));
            nothingHostileRan();
            inEachLook("users");
        } finally {
            own.close();
        }
    }

    /** Checks the current page in light and dark, on a desk and a telephone, and writes its pictures. */
    private static void inEachLook(String name) {
        for (String colours : List.of("light", "dark")) {
            browser.emulate(1280, 900, colours, "no-preference");
            check(name + ", " + colours + " on a desk");
            picture(name + "-" + colours);
            browser.emulate(390, 844, colours, "no-preference");
            check(name + ", " + colours + " on a telephone");
            picture(name + "-" + colours + "-390");
        }
    }

    @Test
    void rulesNeedAnAdminTokenAndOtherPagesAClientToken() throws IOException {
        Path clients = Files.writeString(directory.resolve("readers"), CLIENT + "\n");
        Path admins = Files.writeString(directory.resolve("writers"), ADMIN + "\n");
        Engine own = withAttributes(model);
        own.append(List.of(new Event("anna", "P201", 1_700_000_000_000_000L, "a")));
        try (RecommendationServer guarded = RecommendationServer.start(
                own, ServerConfig.local().withNames(Shop.names()).withTokens(Tokens.read(clients, admins)))) {
            browser.open(guarded.uri() + "rules.html");
            browser.see("#token");
            browser.type(CLIENT, Keys.ENTER);
            browser.waitForText("#scenario", "none yet");
            browser.click("#new-name");
            browser.type("home", Keys.ENTER);
            browser.click("#save");
            browser.waitForText("#problem .title", "Forbidden");
            assertThat(own.scenarios()).isEmpty();
            check("a token that may not save");
            browser.click("#give-token");
            browser.see("#token");
            check("asking for an admin token");
            browser.type(ADMIN, Keys.ENTER);
            browser.waitForText("#saved", "Saved: 0 rules.");
            assertThat(own.scenarios()).containsOnlyKeys("home");
            assertThat(browser.all("#problem").getFirst().isDisplayed()).isFalse();

            for (String[] page : new String[][] {
                {"catalogue.html#P101", "#total", "20 of 60 items"},
                {"try.html", "#try-note", "Popularity: 10 items"},
                {"users.html#anna", "#user-note", "1 event"},
                {"quality.html", "#places-note", "No list was reported yet"},
            }) {
                browser.run("sessionStorage.clear()");
                browser.open(guarded.uri() + page[0]);
                browser.see("#token");
                browser.type("wrong", Keys.ENTER);
                browser.waitForText("#token-why", "was refused");
                browser.type(CLIENT, Keys.ENTER);
                browser.waitForText(page[1], page[2]);
            }
        } finally {
            own.close();
        }
        assertThat(browser.complaints()).allSatisfy(line -> assertThat(line).containsAnyOf("401", "403"));
    }

    @Test
    void pagesOfATenantUseItsOwnItemsAndToken() throws IOException {
        Path first = Files.writeString(directory.resolve("first"), CLIENT + "\n");
        Path second = Files.writeString(directory.resolve("second"), ADMIN + "\n");
        Engine bags = withAttributes(model);
        Engine plain = engine(model);
        ServerConfig config = ServerConfig.local();
        try (RecommendationServer shops = RecommendationServer.start(
                List.of(
                        new Tenant("bags", bags, config.withTokens(Tokens.read(first, first))),
                        new Tenant("plain", plain, config.withTokens(Tokens.read(second, null)))),
                config,
                Ending.halt())) {
            browser.open(shops.uri() + "t/bags"); // without the slash at the end, as people type it
            browser.see("#token");
            browser.type(CLIENT, Keys.ENTER);
            browser.waitForText("#frozen .basis", "Popularity");
            browser.click("nav a[href='catalogue.html']");
            browser.waitForText("#total", "20 of 60 items");
            browser.click("[data-category=mugs]");
            browser.waitForText("#total", "12 items");
            browser.click("nav a[href='rules.html']");
            browser.waitForText("#scenario", "none yet");
            browser.click("#new-name");
            browser.type("home", Keys.ENTER);
            browser.click("#save");
            browser.waitForText("#saved", "Saved");
            assertThat(bags.scenarios()).containsOnlyKeys("home");

            browser.run("location.href = '/t/plain/catalogue.html'");
            browser.waitForText("#token-why", "Authorization");
            assertThat(browser.text("#token-why"))
                    .as("the token of the other tenant was not sent")
                    .doesNotContain("was refused");
            browser.see("#token");
            browser.type(ADMIN, Keys.ENTER);
            browser.waitForText("#total", "20 of 60 items");
            assertThat(browser.all("[data-category=mugs]"))
                    .as("this tenant has no attributes")
                    .isEmpty();
            assertThat(plain.scenarios()).isEmpty();
            browser.run("location.href = '/t/bags/users.html'");
            browser.waitForText("#user-note", "Give the id of a user.");
            assertThat(browser.all("#token-dialog").getFirst().isDisplayed())
                    .as("the token of this tenant is kept")
                    .isFalse();
        } finally {
            bags.close();
            plain.close();
        }
        assertThat(browser.complaints()).allSatisfy(line -> assertThat(line).contains("401"));
    }

    private static void picture(String name) {
        String directory = System.getProperty("ttt4rec.pictures");
        if (directory != null) {
            browser.run("scrollTo(0, 0)");
            browser.picture(Path.of(directory, name + ".png"));
        }
    }

    @Test
    void qualityIsDrawnOnceEnoughPurchasesWereRanked() throws Exception {
        Engine own = Engine.open(
                model,
                EventStore.open(
                        directory.resolve("state-" + stores++ + ".db"),
                        new StoreConfig(Durability.OFF, 0, Duration.ZERO)),
                new EngineConfig(null, 1 << 20, 1));
        List<String> products = List.copyOf(Shop.names().keySet());
        try (RecommendationServer ranked =
                RecommendationServer.start(own, ServerConfig.local().withNames(Shop.names()))) {
            browser.open(ranked.uri() + "quality.html");
            browser.waitForText("#quality-note", "0 purchases were ranked");
            browser.waitForText("#places-note", "No list was reported yet");
            assertThat(browser.see("#no-experiment").getText()).contains("No experiment is running");
            check("without quality");
            List<Event> events = new ArrayList<>();
            for (int i = 0; i < 600; i++) {
                events.add(new Event("u" + i % 60, products.get(i * 7 % products.size()), 1_000_000L * i, null));
            }
            own.append(events);
            while (own.quality().waiting() > 0) {
                Thread.sleep(1);
            }
            browser.open(ranked.uri() + "quality.html");
            browser.waitForText("#quality-note", "The last point: adaptive 0.");
            assertThat(browser.texts("#quality .name")).containsExactly("adaptive", "frozen", "popularity");
            browser.waitForCount("#quality .served .whisker", 2);
            assertThat(browser.all("#experiment").getFirst().isDisplayed()).isFalse();
            own.startExperiment(
                    new Experiment(
                            "trial",
                            List.of(new Experiment.Arm("control", null, 1), new Experiment.Arm("candidate", "same", 1)),
                            0.01),
                    "{}",
                    same -> model);
            own.show(new Impression("u1", products.subList(0, 3), "home", "list", 1_000_000L));
            browser.open(ranked.uri() + "quality.html");
            browser.waitForText("#experiment-note", "Experiment trial: control");
            assertThat(browser.texts("#experiment .name")).containsExactly("control", "candidate");
            browser.waitForCount("#places tbody tr", 3);
            for (String colours : List.of("light", "dark")) {
                browser.emulate(1280, 900, colours, "no-preference");
                check("with quality, " + colours);
                browser.emulate(390, 844, colours, "no-preference");
                check("with quality on a telephone, " + colours);
            }
        } finally {
            own.close();
        }
    }

    // --- helpers ---

    private static void openPage() {
        browser.open(server.uri().toString());
        browser.waitForText("#frozen .latency", "round trip");
    }

    /** Buys the item at {@code rank} of the adaptive list and waits until the whole page is updated. */
    private static void buyRow(int rank) {
        int purchases = history(customer()).size() + 1;
        browser.click("#adaptive li:nth-child(" + rank + ") button");
        browser.waitForText("#frozen .basis", "after " + purchases + (purchases == 1 ? " purchase" : " purchases"));
    }

    private static String customer() {
        return browser.text("#customer-id");
    }

    private static List<String> history(String user) {
        return engine.user(user).stream()
                .flatMap(view -> view.history().stream())
                .map(SeenItem::item)
                .toList();
    }

    @SuppressWarnings("unchecked") // The script returns this type.
    private static List<String> items(String css) {
        return (List<String>)
                browser.run("return [...document.querySelectorAll(arguments[0])].map((row) => row.dataset.item)", css);
    }

    private static List<String> ids(List<Recommendation> items) {
        return items.stream().map(Recommendation::item).toList();
    }

    private static String readable(String item) {
        String name = Shop.names().get(item);
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }

    private static List<String> moves(List<String> before, List<String> after) {
        List<String> moves = new ArrayList<>();
        for (int rank = 0; rank < after.size(); rank++) {
            int risen = before.indexOf(after.get(rank)) - rank;
            moves.add(
                    !before.contains(after.get(rank))
                            ? "new"
                            : risen > 0 ? "▲ " + risen : risen < 0 ? "▼ " + -risen : "");
        }
        return moves;
    }
}
