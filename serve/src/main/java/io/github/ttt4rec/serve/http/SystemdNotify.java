package io.github.ttt4rec.serve.http;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reports the server's state to systemd by the protocol of sd_notify(3): a datagram to the socket in {@code
 * NOTIFY_SOCKET}. Java has no Unix datagram sockets, so this calls the C library.
 */
final class SystemdNotify {
    static final String READY = "READY=1";
    static final String ALIVE = "WATCHDOG=1";
    static final String STOPPING = "STOPPING=1";

    private static final System.Logger LOG = System.getLogger(SystemdNotify.class.getName());
    private static final int AF_UNIX = 1;
    /** SOCK_DGRAM | SOCK_CLOEXEC. */
    private static final int DATAGRAMS = 2 | 0x80000;
    /** MSG_NOSIGNAL. */
    private static final int NO_SIGNAL = 0x4000;
    /** The maximum length of a path: sun_path has 108 bytes, one of which is the terminating zero. */
    private static final int MAX_PATH = 107;

    private final @Nullable String socket;

    /** Creates a notifier; {@code socket} is a path, or begins with @ for an abstract socket; null disables it. */
    SystemdNotify(@Nullable String socket) {
        this.socket = socket == null || socket.isEmpty() || socket.length() > MAX_PATH ? null : socket;
    }

    /** Creates the notifier for the socket in this process's environment. */
    static SystemdNotify ofProcess() {
        return new SystemdNotify(System.getenv("NOTIFY_SOCKET"));
    }

    /** Sends a state. Only logs a failure, because the server does not depend on it. */
    void send(String state) {
        String path = socket;
        if (path == null) {
            return;
        }
        try {
            call(path, state.getBytes(StandardCharsets.US_ASCII));
        } catch (Throwable e) {
            LOG.log(Level.WARNING, "cannot report to systemd '" + state + "'", e);
        }
    }

    private static void call(String path, byte[] message) throws Throwable {
        MethodHandle open = function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
        MethodHandle send = function(
                "sendto", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
        MethodHandle close = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        int descriptor = (int) open.invokeExact(AF_UNIX, DATAGRAMS, 0);
        if (descriptor < 0) {
            throw new IllegalStateException("cannot open a socket");
        }
        try (Arena arena = Arena.ofConfined()) {
            byte[] name = path.getBytes(StandardCharsets.UTF_8);
            if (name[0] == '@') {
                name[0] = 0;
            }
            MemorySegment address = arena.allocate(2L + name.length + 1);
            address.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(name, 0, address, JAVA_BYTE, 2, name.length);
            int length = 2 + name.length + (name[0] == 0 ? 0 : 1);
            long sent = (long) send.invokeExact(
                    descriptor,
                    arena.allocateFrom(JAVA_BYTE, message),
                    (long) message.length,
                    NO_SIGNAL,
                    address,
                    length);
            if (sent != message.length) {
                throw new IllegalStateException("the socket did not accept the message");
            }
        } finally {
            int closed = (int) close.invokeExact(descriptor);
            LOG.log(Level.TRACE, closed);
        }
    }

    @SuppressWarnings("restricted") // The jar's manifest permits native access.
    private static MethodHandle function(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), type);
    }
}
