package io.github.ttt4rec.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ttt4rec.catalogue.AttributeType;
import io.github.ttt4rec.catalogue.Rule;
import io.github.ttt4rec.catalogue.Scenario;
import io.github.ttt4rec.catalogue.ScenarioJson;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class DemoCatalogueTest {
    @Test
    void demoHasAScenarioWithRules() {
        Scenario home = ScenarioJson.read(
                "home",
                JsonMapper.shared().readTree(DemoCatalogue.SCENARIOS.get("home")),
                Map.of("bought", AttributeType.NUMBER),
                100);
        assertThat(home.rules()).extracting(Rule::name).containsExactly("nothing rare", "Christmas is near", "varied");
    }
}
