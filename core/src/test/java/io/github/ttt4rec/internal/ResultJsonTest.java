package io.github.ttt4rec.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;

class ResultJsonTest {
    private record Run(int bestEpoch, Map<String, Double> metrics, Map<String, Object> config) {}

    private static Run read(String json) {
        return ResultJson.read(json.getBytes(StandardCharsets.UTF_8), new TypeReference<>() {});
    }

    @Test
    void keysAreWrittenInSnakeCaseAndReadBack() {
        Run run = new Run(3, Map.of("NDCG@10", 0.5), Map.of("max_len", 50));
        assertThat(ResultJson.write(run)).contains("\"best_epoch\" : 3", "\"NDCG@10\"", "\"max_len\"");
        assertThat(read(ResultJson.write(run))).isEqualTo(run);
    }

    @Test
    void camelCaseOfOlderVersionsIsRead() {
        assertThat(read("""
            {"bestEpoch": 3, "metrics": {"NDCG@10": 0.5}, "config": {"max_len": 50}}
            """)).isEqualTo(new Run(3, Map.of("NDCG@10", 0.5), Map.of("max_len", 50)));
    }
}
