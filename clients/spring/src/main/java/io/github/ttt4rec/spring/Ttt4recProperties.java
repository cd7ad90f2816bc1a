package io.github.ttt4rec.spring;

import io.github.ttt4rec.client.Client;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code ttt4rec.*} of an application. Those that are null have the values of {@link
 * Client.Options#DEFAULTS}.
 *
 * @param url the URL of the server or of a tenant
 * @param token the token to send; null if the server needs none
 * @param tries attempts for each request
 * @param timeout the time limit of one attempt
 * @param pause the pause before the second attempt
 */
@ConfigurationProperties("ttt4rec")
public record Ttt4recProperties(
        @DefaultValue("http://127.0.0.1:8080") URI url,
        @Nullable String token,
        @Nullable Integer tries,
        @Nullable Duration timeout,
        @Nullable Duration pause) {
    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the URL is not of HTTP, or a number or duration is not positive
     */
    public Ttt4recProperties {
        String scheme = url.getScheme();
        if (url.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new IllegalArgumentException(
                    "ttt4rec.url is \"" + url + "\", which is no HTTP URL such as http://127.0.0.1:8080");
        }
        if (tries != null && tries < 1) {
            throw new IllegalArgumentException("ttt4rec.tries is " + tries + ": at least 1 is needed");
        }
        check("timeout", timeout);
        check("pause", pause);
    }

    private static void check(String name, @Nullable Duration value) {
        if (value != null && !value.isPositive()) {
            throw new IllegalArgumentException("ttt4rec." + name + " is " + value + ": it must be positive");
        }
    }

    Client.Options options() {
        Client.Options defaults = Client.Options.DEFAULTS;
        return new Client.Options(
                token == null || token.isBlank() ? defaults.token() : token,
                tries == null ? defaults.tries() : tries,
                timeout == null ? defaults.timeout() : timeout,
                pause == null ? defaults.pause() : pause);
    }
}
