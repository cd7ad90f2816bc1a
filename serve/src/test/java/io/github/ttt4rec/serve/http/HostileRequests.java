package io.github.ttt4rec.serve.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/** Generates hostile requests. */
final class HostileRequests {
    private static final String HOST = "Host: localhost\r\n";
    private static final List<String> WITH_BODY = List.of(
            "POST /v1/events",
            "POST /v1/recommendations",
            "PUT /v1/deny",
            "PUT /v1/items/x",
            "PUT /v1/items/i1/availability",
            "POST /v1/model");
    private static final List<String> WITHOUT_BODY = List.of(
            "/v1/users/u",
            "/v1/users/u/recommendations",
            "/v1/items",
            "/v1/items/i1/similar",
            "/v1/deny",
            "/v1/model",
            "/metrics",
            "/health/live",
            "/",
            "/openapi.yaml");

    private final SplittableRandom random;

    HostileRequests(SplittableRandom random) {
        this.random = random;
    }

    /** The required outcome of a request. */
    enum Due {
        /** A 4xx answer; the connection may stay open. */
        REFUSED,
        /** A 4xx answer or a closed connection, because the request is not HTTP or is incomplete. */
        REFUSED_OR_CLOSED,
        /** Any answer except 5xx, because the request may be valid by chance. */
        ANYTHING
    }

    /**
     * A request.
     *
     * @param kind the kind of request, for the report
     * @param bytes the bytes to send
     * @param due the required outcome
     * @param answers the required number of answers, if all requests must be answered
     * @param ends whether it is the last request on its connection
     */
    record Hostile(String kind, byte[] bytes, Due due, int answers, boolean ends) {}

    Hostile next() {
        return switch (random.nextInt(16)) {
            case 0, 1 -> refused("malformed JSON", withBody(brokenJson()));
            case 2 -> refused("huge numbers", recommendations("{\"history\":[],\"k\":" + hugeNumber() + "}"));
            case 3 -> refused("deep nesting", withBody(nested()));
            case 4, 5 -> refused("wrong types", wrongTypes());
            case 6 -> refused("invalid UTF-8", withBody(invalidUtf8()));
            case 7 -> refused("wrong parameters", get(wrongParameters()));
            case 8 -> refused("wrong paths", wrongPath());
            case 9 -> refused("wrong methods and types", wrongMethodOrType());
            case 10 -> closing("header junk", headerJunk());
            case 11 -> closing("no HTTP at all", noise());
            case 12 -> closing("bad framing", badFraming());
            case 13 -> pipelined();
            case 14 -> oversize();
            default -> new Hostile("mutated", mutated(), Due.ANYTHING, 1, true);
        };
    }

    private static Hostile refused(String kind, byte[] bytes) {
        return new Hostile(kind, bytes, Due.REFUSED, 1, false);
    }

    private static Hostile closing(String kind, byte[] bytes) {
        return new Hostile(kind, bytes, Due.REFUSED_OR_CLOSED, 1, true);
    }

    private byte[] withBody(byte[] body) {
        return post(pick(WITH_BODY), "application/json", body);
    }

    private static byte[] recommendations(String body) {
        return post("POST /v1/recommendations", "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] post(String line, String type, byte[] body) {
        String head = line + " HTTP/1.1\r\n" + HOST + "Content-Type: " + type + "\r\nContent-Length: " + body.length
                + "\r\n\r\n";
        return concat(head.getBytes(StandardCharsets.ISO_8859_1), body);
    }

    private static byte[] get(String path) {
        return ("GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private byte[] brokenJson() {
        String text = pick(List.of(
                "",
                " ",
                "{",
                "}",
                "{\"user\"",
                "{\"user\":\"u\",}",
                "{user:\"u\",item:\"i1\"}",
                "{'user':'u','item':'i1'}",
                "{\"user\":\"u\",\"item\":\"i1\"}}",
                "{\"user\":\"u\",\"user\":\"v\",\"item\":\"i1\"}",
                "{\"user\":\"u\" \"item\":\"i1\"}",
                "{\"user\":\"u\\\",\"item\":\"i1\"}",
                "{\"user\":\"\\q\"}",
                "{\"user\":\"\\u12\"}",
                "{\"user\":\"a\nb\",\"item\":\"i1\"}",
                "{\"k\":01}",
                "{\"k\":+1}",
                "{\"k\":.5}",
                "{\"k\":NaN}",
                "{\"k\":0x10}",
                "[1,2",
                "nul",
                "true false",
                "\"text",
                "/* */ {}",
                "<xml/>",
                "\ufeff{}"));
        return (text + junk(random.nextInt(20), "{}[]\",: \t")).getBytes(StandardCharsets.UTF_8);
    }

    private String hugeNumber() {
        return switch (random.nextInt(6)) {
            case 0 -> "9".repeat(1 + random.nextInt(2000)) + "99999";
            case 1 -> "-" + "9".repeat(1 + random.nextInt(40));
            case 2 -> "1e" + (10 + random.nextInt(1_000_000));
            case 3 -> "0." + "0".repeat(random.nextInt(500)) + "1";
            case 4 -> "1E-" + "9".repeat(1 + random.nextInt(9));
            default -> String.valueOf(Long.MAX_VALUE);
        };
    }

    private byte[] nested() {
        int depth = 9 + random.nextInt(5000);
        String text = random.nextBoolean() ? "[".repeat(depth) : "{\"a\":".repeat(depth);
        return (text + (random.nextBoolean() ? "]".repeat(random.nextInt(depth)) : ""))
                .getBytes(StandardCharsets.UTF_8);
    }

    private byte[] wrongTypes() {
        String value = pick(List.of("1.5", "-0.5", "1e99", "true", "{}", "[]", "[[]]", "{\"a\":1}", "null", "\"\""));
        String name = pick(List.of("user", "item"));
        String other = name.equals("user") ? "item" : "user";
        return switch (random.nextInt(8)) {
            case 0 -> json("POST /v1/events", "{\"" + name + "\":" + value + ",\"" + other + "\":\"i1\"}");
            case 1 -> json("POST /v1/events", "{\"" + name + "\":\"i1\"}");
            case 2 -> json("POST /v1/events", "[" + "7,".repeat(random.nextInt(500)) + value + "]");
            case 3 ->
                json(
                        "POST /v1/recommendations",
                        "{\"history\":" + pick(List.of("7", "\"i1\"", "{}", "[7.5]", "[[]]")) + "}");
            case 4 ->
                json(
                        "POST /v1/recommendations",
                        "{\"history\":[],\"" + junk(1 + random.nextInt(60), "abcxyz_$") + "Z\":1}");
            case 5 ->
                json(
                        "PUT /v1/items/i1/availability",
                        "{\"available\":" + pick(List.of("7", "\"true\"", "null", "[]")) + "}");
            case 6 -> json("PUT /v1/deny", "{\"items\":[\"" + "x".repeat(513 + random.nextInt(100)) + "\"]}");
            default ->
                json(
                        "POST /v1/model",
                        "{\"directory\":" + pick(List.of("7", "\"\"", "null", "\"" + "d".repeat(256) + "\"")) + "}");
        };
    }

    private static byte[] json(String line, String body) {
        return post(line, "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] invalidUtf8() {
        byte[] bad = switch (random.nextInt(6)) {
            case 0 -> new byte[] {(byte) 0xC3, 0x28};
            case 1 -> new byte[] {(byte) 0xC0, (byte) 0xAF}; // a slash in two bytes
            case 2 -> new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}; // half a surrogate pair
            case 3 -> new byte[] {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80}; // beyond Unicode
            case 4 -> new byte[] {(byte) 0xFF, (byte) 0xFE, '{', 0, '}', 0}; // UTF-16
            default -> new byte[] {(byte) (0x80 + random.nextInt(0x40))};
        };
        return concat(
                "{\"user\":\"u".getBytes(StandardCharsets.UTF_8),
                bad,
                "\",\"item\":\"i1\"}".getBytes(StandardCharsets.UTF_8));
    }

    private String wrongParameters() {
        return pick(WITHOUT_BODY)
                + pick(List.of(
                        "?zzz=" + random.nextInt(),
                        "?k=1&k=1&k=1",
                        "?k%00=1",
                        "?%FF=1",
                        "?" + "a=1&".repeat(random.nextInt(200)) + "b",
                        "?=1",
                        "?k=1;k=2"));
    }

    private byte[] wrongPath() {
        String path = pick(List.of(
                "/v1/users/%C3%28",
                "/v1/users/%ED%A0%80/recommendations",
                "/v1/users//recommendations",
                "/v1/users/" + "x".repeat(513 + random.nextInt(2000)),
                "/v1/users/" + "%F0%9F%98%80".repeat(257 + random.nextInt(50)),
                "/v1/..;/..;/etc/passwd",
                "/../../../../etc/passwd",
                "/..%2f..%2f..%2fetc%2fpasswd",
                "/%2e%2e/%2e%2e/http/openapi.yaml",
                "/index.html%00.js",
                "/index.html/..",
                "//localhost/v1/model",
                "/v1/model/",
                "/V1/model",
                "/v1",
                "/" + junk(1 + random.nextInt(200), "abc/.;=-_~")));
        return get(path);
    }

    private byte[] wrongMethodOrType() {
        return switch (random.nextInt(3)) {
            case 0 ->
                (pick(List.of("PATCH", "TRACE", "OPTIONS", "CONNECT", "PROPFIND", "X" + random.nextInt(99)))
                                + " "
                                + pick(WITHOUT_BODY) + " HTTP/1.1\r\n" + HOST + "\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1);
            case 1 ->
                post(
                        pick(WITH_BODY),
                        pick(List.of(
                                "text/plain",
                                "application/xml",
                                "application/json;charset=utf-16",
                                "multipart/form-data; boundary=x",
                                "application/x-www-form-urlencoded",
                                "*/*",
                                "json",
                                ";;;")),
                        "{}".getBytes(StandardCharsets.UTF_8));
            default -> post("GET " + pick(WITHOUT_BODY), "application/json", "{}".getBytes(StandardCharsets.UTF_8));
        };
    }

    private byte[] headerJunk() {
        String header = pick(List.of(
                "no colon",
                ": no name",
                "a b: c",
                "a\u0000b: c",
                "X: \u0000",
                "X: a\rb",
                " folded: x",
                "Host: other.example",
                "Host: a b",
                "Content-Length: -5",
                "Content-Length: 1e3",
                "Content-Length: 5, 6",
                "Content-Length: 99999999999999999999999",
                "Transfer-Encoding: gzip",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: \tchunked\t, identity",
                "Content-Encoding: gzip\r\nContent-Length: 2",
                "X: " + "x".repeat(17_000),
                ("X" + random.nextInt(9) + ": y\r\n").repeat(4000) + "Z: z"));
        return ("POST /v1/events HTTP/1.1\r\n" + HOST + header + "\r\nContent-Type: application/json\r\n\r\n{}")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private byte[] noise() {
        byte[] noise = new byte[1 + random.nextInt(3000)];
        random.nextBytes(noise);
        return switch (random.nextInt(4)) {
            case 0 -> noise;
            case 1 -> concat(noise, "\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            // The start of a TLS handshake, as a browser sends it for an https URL.
            case 2 ->
                concat(new byte[] {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, (byte) 0xfc, 0x03, 0x03}, noise);
            default ->
                pick(List.of(
                                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                                "GET / HTTP/0.9\r\n\r\n",
                                "GET http://localhost/v1/model HTTP/1.1\r\n" + HOST + "\r\n",
                                "GET * HTTP/1.1\r\n" + HOST + "\r\n",
                                "GET /v1/model?a HTTP/1.1 x\r\n" + HOST + "\r\n",
                                "\r\n\r\n\r\n",
                                "HELO localhost\r\n",
                                "GET / HTTP/1.1\nHost: localhost\n\n",
                                "GET /" + "x".repeat(9000) + " HTTP/1.1\r\n" + HOST + "\r\n"))
                        .getBytes(StandardCharsets.ISO_8859_1);
        };
    }

    private byte[] badFraming() {
        String head = "POST /v1/events HTTP/1.1\r\n" + HOST + "Content-Type: application/json\r\n";
        String chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
        return pick(List.of(
                        head + "Content-Length: 100\r\n\r\n{\"user\":",
                        head + "Content-Length: 2000000000\r\n\r\n{}",
                        head + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        chunked + "2\r\n{}",
                        chunked + "zz\r\n{}\r\n0\r\n\r\n",
                        chunked + "-1\r\n{}\r\n0\r\n\r\n",
                        chunked + "ffffffff\r\n{}\r\n0\r\n\r\n",
                        chunked + "7fffffff\r\n{}",
                        chunked + "2;ext=1\r\n{}\r\n0\r\n\r\n",
                        chunked + "\r\n{}\r\n0\r\n\r\n",
                        chunked + "5\r\n{\"a\"\r\n0\r\ntrailer\r\n\r\n",
                        chunked + "0".repeat(random.nextInt(100_000)),
                        chunked + "0\r\n\r\n"))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private Hostile pipelined() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int count = 2 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            all.writeBytes(
                    switch (random.nextInt(3)) {
                        case 0 -> withBody(nested());
                        case 1 -> get(wrongParameters());
                        default -> wrongTypes();
                    });
        }
        return new Hostile("pipelined", all.toByteArray(), Due.REFUSED, count, false);
    }

    private Hostile oversize() {
        if (random.nextInt(4) > 0) {
            String many = "[" + "{\"user\":\"u\",\"item\":\"i1\"},".repeat(101 + random.nextInt(200)) + "7]";
            return refused("oversize", json("POST /v1/events", many));
        }
        byte[] body = " ".repeat(1 + (1 << 16) + random.nextInt(1 << 16)).getBytes(StandardCharsets.US_ASCII);
        return refused("oversize", post(pick(WITH_BODY), "application/json", body));
    }

    /** Returns a valid request with some bytes changed, removed or doubled. */
    private byte[] mutated() {
        byte[] valid = json("POST /v1/recommendations", "{\"history\":[\"i1\",\"i2\"],\"k\":5,\"exclude_seen\":true}");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int changes = 1 + random.nextInt(8);
        for (byte b : valid) {
            if (random.nextInt(valid.length) < changes) {
                switch (random.nextInt(3)) {
                    case 0 -> out.write(random.nextInt(256));
                    case 1 -> {
                        out.write(b);
                        out.write(b);
                    }
                    default -> {}
                }
            } else {
                out.write(b);
            }
        }
        return out.toByteArray();
    }

    private String junk(int length, String alphabet) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
