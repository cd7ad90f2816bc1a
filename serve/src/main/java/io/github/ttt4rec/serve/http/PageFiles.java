package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.internal.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Serves the files of the pages and the API document: resources, found only by plain names. A comment in a page, such as
 * {@code <!-- navigation -->}, is replaced by the fragment of that name, which pages share.
 */
final class PageFiles {
    private static final String FOLDER = "/io/github/ttt4rec/serve/page/";
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,60}(\\.[a-z0-9]{1,10}){1,3}");
    private static final Pattern INCLUDED = Pattern.compile(" *<!-- ([a-z]+) -->\n");
    private static final String HTML = ".html";
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("json", "application/json"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("txt", "text/plain; charset=utf-8"));
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none';"
                    + " frame-ancestors 'none'";

    /** The files requested so far; only existing files are added, so the map is bounded. */
    private final Map<String, File> files = new ConcurrentHashMap<>();

    private record File(String type, byte[] bytes, String tag) {}

    Response index(Call call) {
        return file("index.html", call);
    }

    Response named(Call call) {
        String name = call.path().getFirst();
        if (!NAME.matcher(name).matches()) {
            throw notFound();
        }
        return file(name, call);
    }

    Response openApi(Call call) {
        File document = files.computeIfAbsent(
                "", same -> require(load(PageFiles.class.getResourceAsStream("openapi.yaml"), "application/yaml")));
        return answer(document, call);
    }

    private Response file(String name, Call call) {
        File known = files.get(name);
        if (known == null) {
            String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
            File loaded = type == null ? null : load(PageFiles.class.getResourceAsStream(FOLDER + name), type);
            if (loaded != null && name.endsWith(HTML)) {
                loaded = completed(name, loaded);
            }
            if (loaded == null) {
                throw notFound();
            }
            known = loaded;
            files.put(name, known);
        }
        return answer(known, call);
    }

    /** Inserts the fragments that a page includes; the navigation marks the page itself as the current one. */
    private static File completed(String name, File page) {
        String link = "href=\"" + (name.equals("index.html") ? "./" : name) + "\"";
        String text = INCLUDED.matcher(new String(page.bytes, StandardCharsets.UTF_8))
                .replaceAll(include -> {
                    File fragment = require(load(
                            PageFiles.class.getResourceAsStream(FOLDER + include.group(1) + ".fragment"), page.type));
                    return Matcher.quoteReplacement(new String(fragment.bytes, StandardCharsets.UTF_8)
                            .replace(link, link + " aria-current=\"page\""));
                });
        return file(page.type, text.getBytes(StandardCharsets.UTF_8));
    }

    private static File require(@Nullable File file) {
        if (file == null) {
            throw new IllegalStateException("a resource of the server is missing");
        }
        return file;
    }

    private static @Nullable File load(@Nullable InputStream resource, String type) {
        if (resource == null) {
            return null;
        }
        try (resource) {
            return file(type, resource.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static File file(String type, byte[] bytes) {
        return new File(type, bytes, '"' + HexFormat.of().formatHex(Sha256.of(bytes), 0, 12) + '"');
    }

    private static Response answer(File file, Call call) {
        boolean unchanged = file.tag.equals(call.ifNoneMatch());
        Response answer = unchanged ? Response.empty(304) : new Response(200, file.type, file.bytes, Map.of());
        return answer.withHeader("ETag", file.tag)
                .withHeader("Cache-Control", "no-cache")
                .withHeader("Referrer-Policy", "no-referrer")
                .withHeader("Content-Security-Policy", POLICY);
    }

    private static Problem notFound() {
        return Problem.notFound("nothing here; GET /openapi.yaml says what there is");
    }
}
