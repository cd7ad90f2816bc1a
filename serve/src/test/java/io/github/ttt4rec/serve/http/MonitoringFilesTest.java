package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the metrics in the dashboard, the alerts and the documentation exist. */
class MonitoringFilesTest {
    private static final Pattern NAME = Pattern.compile("\\b(?:ttt4rec|jvm|process)_[a-z0-9_]+");
    /** Metrics that only a server with a certificate has. */
    private static final Set<String> WITH_TLS = Set.of("ttt4rec_tls_certificate_days_left");

    @TempDir
    private Path directory;

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = NAME.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group());
        }
        return names;
    }

    @ParameterizedTest
    @ValueSource(strings = {"packaging/alerts.yaml", "packaging/grafana.json", "docs/operations.md"})
    void everyMetricThatIsNamedExists(String file) throws IOException {
        try (TestServer server = TestServer.start(directory, ServerConfig.local())) {
            server.get("/v1/users/nobody/recommendations");
            Set<String> reported = names(server.get("/metrics").body());
            reported.addAll(WITH_TLS);
            Set<String> named = names(Files.readString(Path.of("..").resolve(file)));
            named.removeAll(Set.of("ttt4rec_http_requests_seconds"));
            assertThat(named).isNotEmpty();
            assertThat(reported).containsAll(named);
        }
    }

    @Test
    void namesAreFoundInText() {
        assertThat(names("rate(ttt4rec_events_total[5m]) and jvm_x")).containsExactly("jvm_x", "ttt4rec_events_total");
    }
}
