package io.github.ttt4rec.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadTargetTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"http://127.0.0.1:8080", "http://127.8.9.1:8080/", "http://[::1]:8080", "HTTP://localhost:8080"})
    void addressesOfThisMachineAreTaken(String url) {
        LoadTarget target = LoadTarget.parse(url);
        assertThat(target.address().getPort()).isEqualTo(8080);
        assertThat(target.address().getAddress().isLoopbackAddress()).isTrue();
        assertThat(target.toString()).isEqualToIgnoringCase(url.replaceFirst("/$", ""));
    }

    @Test
    void withoutAPortItIsThatOfHttp() {
        assertThat(LoadTarget.parse("http://127.0.0.1").address().getPort()).isEqualTo(80);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:8080/t/shoes", "http://127.0.0.1:8080/t/shoes/"})
    void pathOfATenantIsTaken(String url) {
        LoadTarget target = LoadTarget.parse(url);
        assertThat(target.path()).isEqualTo("/t/shoes");
        assertThat(target).hasToString("http://127.0.0.1:8080/t/shoes");
    }

    /** 192.0.2.1 and 2001:db8::1 are reserved for examples. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://192.0.2.1:8080",
                "http://10.0.0.1:8080",
                "http://0.0.0.0:8080",
                "http://[2001:db8::1]:8080",
                "http://[::ffff:192.0.2.1]"
            })
    void othersAreRefused(String url) {
        assertThatThrownBy(() -> LoadTarget.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not on this machine");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:8080",
                "https://127.0.0.1:8080",
                "http://127.0.0.1:8080/v1",
                "http://127.0.0.1:8080/t/",
                "http://127.0.0.1:8080/t/shoes/v1",
                "http://127.0.0.1:8080?x=1",
                "http://somebody@127.0.0.1:8080",
                "http:///v1",
                "http://127.0.0.1:80 80",
                ""
            })
    void urlWithOtherPartsIsRefused(String url) {
        assertThatThrownBy(() -> LoadTarget.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("such as http://127.0.0.1:8080");
    }
}
