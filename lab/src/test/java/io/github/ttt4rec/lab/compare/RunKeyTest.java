package io.github.ttt4rec.lab.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.internal.ResultJson;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;

class RunKeyTest {
    private static final RunKey KEY = new RunKey("ttt4rec@hop", 3, 0.5);

    private static RunKey read(String json) {
        return ResultJson.read(json.getBytes(StandardCharsets.UTF_8), new TypeReference<>() {});
    }

    @Test
    void runOfAnOlderVersionNamesItsMethodEntrant() {
        assertThat(read("{\"entrant\": \"ttt4rec@hop\", \"seed\": 3, \"fraction\": 0.5}"))
                .isEqualTo(KEY);
    }

    @Test
    void keyIsReadAsItIsWritten() {
        assertThat(ResultJson.write(KEY)).contains("\"method\"").doesNotContain("entrant");
        assertThat(read(ResultJson.write(KEY))).isEqualTo(KEY);
    }
}
