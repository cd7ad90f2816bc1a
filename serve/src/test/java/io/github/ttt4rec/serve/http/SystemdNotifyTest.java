package io.github.ttt4rec.serve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the message to systemd. A Python script receives it, because Java has no such sockets. */
class SystemdNotifyTest {
    @TempDir
    private Path directory;

    @Test
    void datagramReachesTheSocket() throws Exception {
        Path socket = directory.resolve("notify");
        Process receiver;
        try {
            receiver = new ProcessBuilder(
                            "python3",
                            "-c",
                            "import socket,sys; s=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM); s.bind(sys.argv[1]);"
                                    + " s.settimeout(20); print(s.recv(100).decode())",
                            socket.toString())
                    .start();
        } catch (IOException none) {
            assumeTrue(false, "there is no python3 to receive it");
            return;
        }
        for (int i = 0; i < 200 && !Files.exists(socket); i++) {
            Thread.sleep(50);
        }
        new SystemdNotify(socket.toString()).send(SystemdNotify.READY);
        assertThat(new String(receiver.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip())
                .isEqualTo("READY=1");
    }

    @Test
    void missingListenerDoesNoHarm() {
        assertThatCode(() -> {
                    new SystemdNotify(null).send(SystemdNotify.ALIVE);
                    new SystemdNotify(directory.resolve("none").toString()).send(SystemdNotify.ALIVE);
                })
                .doesNotThrowAnyException();
    }
}
