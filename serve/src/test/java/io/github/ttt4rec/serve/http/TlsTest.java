package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.helidon.common.tls.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests HTTPS with a certificate and key in PEM files. */
class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path directory;

    private static KeyStore keys;

    @BeforeAll
    static void makeCertificate() throws IOException, InterruptedException, GeneralSecurityException {
        Path store = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1,dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        pem("cert.pem", "CERTIFICATE", keys.getCertificate("server").getEncoded());
        pem("key.pem", "PRIVATE KEY", keys.getKey("server", PASSWORD).getEncoded());
    }

    private static void pem(String file, String what, byte[] bytes) throws IOException {
        Files.writeString(
                directory.resolve(file),
                "-----BEGIN " + what + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + what
                        + "-----\n");
    }

    private static ServerConfig config(String certificate, String key) {
        Timeouts usual = Timeouts.defaults();
        Limits limits = Limits.defaults().withTimeouts(new Timeouts(Duration.ofSeconds(4), usual.idle(), usual.stop()));
        return ServerConfig.local()
                .withLimits(limits)
                .withTls(new TlsFiles(directory.resolve(certificate), directory.resolve(key)));
    }

    @Test
    void answersOverTlsOnlyAndCutsSlowHandshakes() throws IOException, InterruptedException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", keys.getCertificate("server"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        try (TestServer server = TestServer.start(directory, config("cert.pem", "key.pem"));
                HttpClient client = HttpClient.newBuilder().sslContext(tls).build();
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            silent.setSoTimeout(30_000);
            URI uri = server.server().uri();
            assertThat(uri.getScheme()).isEqualTo("https");
            HttpResponse<String> reply = client.send(
                    HttpRequest.newBuilder(uri.resolve("/v1/model")).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(reply.statusCode()).isEqualTo(200);
            assertThat(reply.body()).contains(TestServer.model().version());
            try (RawClient plain = server.raw()) {
                plain.send("GET /v1/model HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThatNoHttp(plain);
            }
            // An incomplete handshake does not hold resources for long.
            silent.getOutputStream().write(new byte[] {0x16, 0x03, 0x01, 0x02});
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
    }

    private static void assertThatNoHttp(RawClient client) {
        try {
            assertThat(client.reply()).isEmpty();
        } catch (IOException | RuntimeException noHttp) {
            // A TLS alert.
            assertThat(noHttp).isNotNull();
        }
    }

    @Test
    void keyOfAnotherCertificateIsRefused() throws Exception {
        KeyPairGenerator generator =
                KeyPairGenerator.getInstance(keys.getKey("server", PASSWORD).getAlgorithm());
        pem("other.pem", "PRIVATE KEY", generator.generateKeyPair().getPrivate().getEncoded());
        assertThatThrownBy(() -> TestServer.start(directory, config("cert.pem", "other.pem")))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("does not belong to the first certificate in");
    }

    /** A changed certificate is loaded at the next check; if it cannot be used, the old one stays. */
    @Test
    void changedCertificateIsTakenWhileTheServerRuns() throws Exception {
        TlsFiles files = new TlsFiles(directory.resolve("watched.pem"), directory.resolve("watched-key.pem"));
        Files.copy(directory.resolve("cert.pem"), files.certificate());
        Files.copy(directory.resolve("key.pem"), files.key());
        List<Tls> taken = new ArrayList<>();
        TlsFiles.Loaded loaded = files.load();
        CertificateWatch watch = new CertificateWatch(files, loaded, taken::add, InstantSource.system());
        watch.look();
        assertThat(taken).isEmpty();
        Files.setLastModifiedTime(
                files.certificate(), FileTime.from(Instant.now().plusSeconds(5)));
        watch.look();
        assertThat(taken).hasSize(1);
        Files.writeString(files.key(), "half written");
        watch.look();
        assertThat(taken).hasSize(1);
        Instant until = loaded.until();
        for (Duration left : List.of(Duration.ofDays(30), Duration.ofDays(13), Duration.ofDays(-1))) {
            CertificateWatch then =
                    new CertificateWatch(files, loaded, taken::add, InstantSource.fixed(until.minus(left)));
            assertThat(then.daysLeft()).isEqualTo(left.toDays());
            assertThat(then.warning().orElse("none"))
                    .contains(left.toDays() == 30 ? "none" : left.isNegative() ? "has been invalid since" : "until");
        }
    }

    @Test
    void unusableInputIsReportedInOneLine() throws IOException {
        Files.writeString(directory.resolve("nonsense.pem"), "nonsense");
        for (String[] files : new String[][] {
            {"none.pem", "key.pem"},
            {"cert.pem", "none.pem"},
            {"nonsense.pem", "key.pem"},
            {"cert.pem", "nonsense.pem"},
            {"cert.pem", "cert.pem"}
        }) {
            assertThatThrownBy(() -> TestServer.start(directory, config(files[0], files[1])))
                    .isInstanceOf(UserFacingException.class)
                    .hasMessageContaining(".pem");
        }
    }
}
