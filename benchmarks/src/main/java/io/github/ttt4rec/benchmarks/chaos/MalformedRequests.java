package io.github.ttt4rec.benchmarks.chaos;

import io.github.ttt4rec.benchmarks.chaos.ServerProcess.Way;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Malformed requests, and the answers to them. */
final class MalformedRequests {
    private final SplittableRandom random;
    private final Path directory;
    private final ServerProcess server;
    private final Client client;
    private final Findings findings;
    private final Map<String, Map<String, Integer>> answers = new TreeMap<>();

    /**
     * Creates requests.
     *
     * @param directory receives a certificate for TLS
     */
    MalformedRequests(SplittableRandom random, Path directory, ServerProcess server, Client client, Findings findings) {
        this.random = random;
        this.directory = directory;
        this.server = server;
        this.client = client;
        this.findings = findings;
    }

    /** Returns the numbers of answers, by how the requests were sent and by answer. */
    Map<String, Map<String, Integer>> answers() {
        return answers;
    }

    /**
     * Sends malformed requests over plain HTTP and over TLS, to servers that wait only one second for the rest of a
     * request.
     */
    void send(int requests) throws IOException {
        findings.begin(Fault.FUZZ);
        String[] brief = {"--request-timeout", "1s", "--idle-timeout", "1s"};
        server.stop();
        server.start(client, Way.USUAL.withOptions(brief), findings::wrong);
        send("HTTP", server.uri("http"), null, requests - requests / 2);
        server.stop();
        Certificate certificate = Certificate.in(directory);
        try (Client secure = new Client(server.uri("https"), certificate.trust())) {
            List<String> options = new ArrayList<>(List.of(brief));
            options.addAll(List.of(
                    "--tls-cert", certificate.certificate().toString(),
                    "--tls-key", certificate.key().toString()));
            if (!server.start(secure, Way.USUAL.withOptions(options.toArray(String[]::new)))) {
                findings.wrong("the server does not start with TLS: " + server.lastWords());
            }
            send("TLS", server.uri("https"), certificate.trust(), requests / 2);
            if (!secure.isReady()) {
                findings.wrong("not ready after odd requests over TLS: " + server.lastWords());
            }
        }
        server.stop();
        server.start(client, Way.USUAL, findings::wrong);
    }

    /**
     * Sends malformed requests to the running server.
     *
     * @param kind the name under which the answers are counted
     * @param trust for TLS; null for plain HTTP
     */
    void send(String kind, URI uri, @Nullable SSLContext trust, int requests) {
        Fuzz fuzz = new Fuzz(random.split(), uri, trust);
        fuzz.send(requests);
        Map<String, Integer> all = answers.computeIfAbsent(kind, any -> new TreeMap<>());
        fuzz.answers().forEach((answer, count) -> all.merge(answer, count, Integer::sum));
        fuzz.wrong().forEach(findings::wrong);
        findings.noteMillis(fuzz.longestMillis());
        if (!server.isAlive()) {
            findings.wrong("an odd request ended it: " + server.lastWords());
            server.start(client, Way.USUAL, findings::wrong);
        }
    }
}
