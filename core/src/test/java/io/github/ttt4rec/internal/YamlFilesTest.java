package io.github.ttt4rec.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YamlFilesTest {
    @TempDir
    Path directory;

    @Test
    void orderAndTypesSurviveARoundTrip() throws IOException {
        Map<String, Object> inner = new LinkedHashMap<>();
        inner.put("zeta", 1);
        inner.put("alpha", true);
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("model", inner);
        tree.put("rate", 0.001);
        tree.put("epsilon", 1e-12);
        tree.put("large", 1e10);
        tree.put("infinite", Double.POSITIVE_INFINITY);
        tree.put("seed", 1234567890123L);
        tree.put("ks", List.of(10, 50));
        for (String text : List.of("yes", "no", "1e3", "0x1f", "3:2:5", "~", "null", "", " # ", "on", "a: b", "ü\n")) {
            tree.put("text " + text, text);
        }
        Path file = Files.writeString(directory.resolve("c.yaml"), YamlFiles.format(tree));
        Map<String, Object> read = YamlFiles.read(file);
        assertThat(read).isEqualTo(tree);
        assertThat(read.keySet()).containsExactlyElementsOf(tree.keySet());
        assertThat(((Map<?, ?>) read.get("model")).keySet().toString()).isEqualTo("[zeta, alpha]");
    }

    @Test
    void errorIsNamedWithItsPlace() throws IOException {
        assertThat(YamlFiles.read(yaml(""))).isEmpty();
        assertThat(YamlFiles.read(yaml("# only a comment\n"))).isEmpty();
        for (String wrong : List.of("a: 1\nb: [1, 2\nc: 3\n", "a: 1\na: 2\n", "a: 1\n\tb: 2")) {
            assertThatThrownBy(() -> YamlFiles.read(yaml(wrong)))
                    .as(wrong)
                    .isInstanceOf(UserFacingException.class)
                    .hasMessageStartingWith(directory.resolve("c.yaml") + ": not valid as a YAML mapping at line ")
                    .hasMessageNotContainingAny("\n");
        }
        for (String other : List.of("- 1\n- 2\n", "just text\n")) {
            assertThatThrownBy(() -> YamlFiles.read(yaml(other)))
                    .isInstanceOf(UserFacingException.class)
                    .hasMessage(directory.resolve("c.yaml")
                            + ": not a YAML file of keys and values, such as a line epochs: 20");
        }
        assertThatThrownBy(() -> YamlFiles.read(directory.resolve("none.yaml")))
                .isInstanceOf(UserFacingException.class)
                .hasMessageContaining("no such file");
    }

    private Path yaml(String text) throws IOException {
        return Files.writeString(directory.resolve("c.yaml"), text);
    }
}
