package io.github.ttt4rec.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RequestsTest {
    private static final Pattern USER = Pattern.compile("load-([0-9]+)");
    private static final int COUNT = 20_000;

    private static Requests requests(double skew, long seed) {
        return requests(skew, seed, List.of());
    }

    private static Requests requests(double skew, long seed, List<String> queries) {
        LoadConfig config = new LoadConfig(
                LoadTarget.parse("http://127.0.0.1:8080"),
                "a-token",
                100,
                Duration.ofSeconds(1),
                Duration.ZERO,
                100,
                skew,
                0.25,
                7,
                false,
                0,
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                seed,
                queries);
        return new Requests(config, "run", List.of("a", "b\"", "ç"));
    }

    private static String text(Requests.Request request) {
        return new String(request.bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void nthDependsOnSeedAndNumberAlone() {
        Requests one = requests(0, 5);
        Requests same = requests(0, 5);
        Requests other = requests(0, 6);
        List<String> texts =
                LongStream.range(0, 50).mapToObj(n -> text(one.at(n))).toList();
        assertThat(LongStream.range(0, 50).map(n -> 49 - n).mapToObj(n -> text(same.at(n))))
                .containsExactlyElementsOf(texts.reversed());
        assertThat(LongStream.range(0, 50).mapToObj(n -> text(other.at(n)))).isNotEqualTo(texts);
    }

    @Test
    void theyAreHttpAndHaveTheSharesAskedFor() {
        Requests requests = requests(0, 1);
        Map<RequestKind, List<Requests.Request>> byKind = LongStream.range(0, COUNT)
                .mapToObj(requests::at)
                .collect(Collectors.groupingBy(Requests.Request::kind));
        assertThat(byKind.get(RequestKind.EVENT)).hasSizeBetween(COUNT * 23 / 100, COUNT * 27 / 100);
        String[] lines = text(byKind.get(RequestKind.RECOMMENDATION).getFirst()).split("\r\n", -1);
        assertThat(lines[0]).matches("GET /v1/users/load-[0-9]+/recommendations\\?k=7 HTTP/1\\.1");
        assertThat(lines).endsWith("Host: 127.0.0.1:8080", "Authorization: Bearer a-token", "", "");
        for (Requests.Request event : byKind.get(RequestKind.EVENT).subList(0, 20)) {
            String[] parts = text(event).split("\r\n\r\n", -1);
            assertThat(parts).hasSize(2);
            assertThat(parts[0])
                    .startsWith("POST /v1/events HTTP/1.1\r\n")
                    .contains("Content-Length: " + parts[1].getBytes(StandardCharsets.UTF_8).length);
            assertThat(parts[1])
                    .matches(
                            "\\{\"user\":\"load-[0-9]+\",\"item\":(\"a\"|\"b\\\\\"\"|\"ç\"),\"event_id\":\"run-[0-9]+\"}");
        }
    }

    @Test
    void requestsForRecommendationsHaveOneOfTheQueries() {
        Requests requests = requests(0, 1, List.of("filter=a", "scenario=b"));
        Map<String, Long> paths = LongStream.range(0, 1_000)
                .mapToObj(requests::at)
                .filter(request -> request.kind() == RequestKind.RECOMMENDATION)
                .map(request -> text(request).split("[?\r]", 3)[1])
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(paths).containsOnlyKeys("k=7&filter=a HTTP/1.1", "k=7&scenario=b HTTP/1.1");
        assertThat(paths.values()).allSatisfy(count -> assertThat(count).isGreaterThan(300));
    }

    @Test
    void usersAreAllAlikeOrDrawnByTheirNumber() {
        Map<Integer, Long> alike = users(requests(0, 1));
        assertThat(alike).hasSize(100);
        assertThat(alike.values()).allSatisfy(count -> assertThat(count).isBetween(130L, 280L));

        Map<Integer, Long> zipf = users(requests(1, 1));
        // The sum of 1/n to 100 is 5.187.
        assertThat(zipf.get(1)).isBetween((long) (COUNT / 5.187 * 0.95), (long) (COUNT / 5.187 * 1.05));
        assertThat(zipf.get(10)).isBetween((long) (COUNT / 51.87 * 0.8), (long) (COUNT / 51.87 * 1.2));
    }

    private static Map<Integer, Long> users(Requests requests) {
        return LongStream.range(0, COUNT)
                .mapToObj(n -> {
                    Matcher user = USER.matcher(text(requests.at(n)));
                    assertThat(user.find()).isTrue();
                    return Integer.valueOf(user.group(1));
                })
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }
}
