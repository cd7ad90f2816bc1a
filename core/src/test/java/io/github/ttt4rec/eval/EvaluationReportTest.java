package io.github.ttt4rec.eval;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.data.Dataset;
import io.github.ttt4rec.data.IdMap;
import io.github.ttt4rec.data.Split;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

class EvaluationReportTest {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    @Test
    void tableNamesTheProtocolAndFits80Columns() {
        assertThat(EvaluationReport.table(result(true))).isEqualTo("""
            Protocol: test cases of split ratio 3:2:5; full ranking of 10,672 items;
                      protocol all: all cases, ranked among all items; window: last 50 items
            Cases:    3 of 2 users, in 0.5 s (6 cases/s)

              metric      value    95 % interval       new targets  repeated
              HR@1       0.3333    0.2500 .. 0.5000         0.0000    1.0000
              HR@10      0.6667    0.5000 .. 1.0000         0.5000    1.0000
              NDCG@10    0.5436                             0.2500    1.0000
              MRR        0.4512                             0.1917    1.0000
              The target is new to the user in 2 cases and repeated in 1.

            Ties count against the recommender. HR@k is also Recall@k: one target a case.
            Intervals: bootstrap over users, 1,000 resamples, seed 1.
            """);
        assertThat(EvaluationReport.table(result(true)).lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(EvaluationReport.table(result(false))).doesNotContain("nterval");
    }

    @Test
    void jsonHasAFixedOrder() {
        JsonNode tree = JSON.readTree(EvaluationReport.json(result(true)));
        assertThat(tree.propertyNames())
                .containsExactly(
                        "protocol", "users", "cases", "seconds", "cases_per_second", "intervals", "metrics", "targets");
        assertThat(tree.at("/protocol/name").asString()).isEqualTo("all");
        assertThat(tree.at("/protocol/split").asString()).isEqualTo("ratio 3:2:5");
        assertThat(tree.get("metrics").propertyNames())
                .containsExactly("HR@1", "HR@10", "NDCG@10", "MRR", "Recall@1", "Recall@10");
        assertThat(tree.at("/targets/new/cases").asInt()).isEqualTo(2);
        assertThat(tree.at("/targets/new/metrics/HR@10").asDouble()).isEqualTo(0.5);
        assertThat(tree.at("/targets/repeated/metrics/HR@1").asDouble()).isEqualTo(1);
        assertThat(tree.at("/metrics/HR@10/low").asDouble()).isEqualTo(0.5);
        assertThat(tree.at("/metrics/Recall@10/value").asDouble()).isEqualTo(2.0 / 3);
        assertThat(JSON.readTree(EvaluationReport.json(result(false))).has("intervals"))
                .isFalse();
        assertThat(EvaluationReport.json(result(true))).isEqualTo(EvaluationReport.json(result(true)));
    }

    @Test
    void csvFilesUseExternalIds() {
        StringWriter users = new StringWriter();
        EvaluationReport.writeUsers(result(true), users);
        assertThat(users.toString()).isEqualTo("""
            user,cases,HR@1,HR@10,NDCG@1,NDCG@10,MRR@1,MRR@10,MRR
            "Anna, ""A"" B",2,0.5,1.0,0.5,0.75,0.5,0.6666666666666666,0.6666666666666666
            bob,1,0.0,0.0,0.0,0.0,0.0,0.0,0.05
            """);
        StringWriter cases = new StringWriter();
        EvaluationReport.writeCases(result(true), cases);
        assertThat(cases.toString()).isEqualTo("""
            user,position,item,rank
            "Anna, ""A"" B",2,hat,1
            "Anna, ""A"" B",3,"new
            line",3
            bob,2,hat,20
            """);
    }

    private static EvaluationResult result(boolean intervals) {
        Split made = TestSplits.of(2, new int[][] {{1, 1, 2}, {2, 1}}, new int[] {1, 1}, new int[] {1, 1});
        Dataset data = new Dataset(
                new IdMap(List.of("Anna, \"A\" B", "bob")),
                new IdMap(List.of("hat", "new\nline")),
                made.data().offsets(),
                made.data().events(),
                made.data().times(),
                made.data().hasTimes(),
                made.data().source());
        return new EvaluationResult(
                new EvaluationProtocol("ratio 3:2:5", Split.Part.TEST, 10_672, Protocol.ALL, "last 50 items"),
                2,
                3,
                List.of(1, 10),
                List.of(
                        new Metric("HR@1", 1.0 / 3, intervals ? new Metric.Interval(0.25, 0.5) : null),
                        new Metric("HR@10", 2.0 / 3, intervals ? new Metric.Interval(0.5, 1) : null),
                        new Metric("NDCG@10", 0.54364, null),
                        new Metric("MRR", 0.4512, null)),
                intervals ? 1000 : 0,
                1,
                0.5,
                new CaseRanks(data, new int[] {0, 0, 1}, new int[] {1, 2, 1}, new int[] {1, 3, 20}));
    }
}
