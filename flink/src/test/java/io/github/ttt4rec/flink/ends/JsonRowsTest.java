package io.github.ttt4rec.flink.ends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.flink.state.Row;
import io.github.ttt4rec.flink.state.UserEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonRowsTest {
    private static ReadOptions types(String rules) {
        return ReadOptions.defaults().withTypes(null, null, rules);
    }

    private static @Nullable UserEvent event(ReadOptions options, String type, String value)
            throws JsonRows.WrongRowException {
        String event = "{\"user\": \"u\", \"item\": \"i\", \"type\": " + type + ", \"value\": " + value + "}";
        return new JsonRows(options).event(event.getBytes(StandardCharsets.UTF_8));
    }

    private static UserEvent read(String type, double value) {
        return new UserEvent("u", "i", UserEvent.NO_TIME, null, type, value);
    }

    @Test
    void eventsAreReadByTheirRole() throws Exception {
        ReadOptions options = types("buy,view=input,rating>=4,remove=negative*2,rating=ignored");
        assertThat(event(options, "\"buy\"", "null")).isEqualTo(read("buy", Double.NaN));
        assertThat(event(options, "\"view\"", "null")).isEqualTo(read("view", Double.NaN));
        assertThat(event(options, "\"rating\"", "4.5")).isEqualTo(read("rating", 4.5));
        assertThat(event(options, "\"rating\"", "3")).isNull();
        assertThat(event(options, "\"remove\"", "null")).isNull();
    }

    @Test
    void eventsAreAllReadWithoutRoles() throws Exception {
        assertThat(event(ReadOptions.defaults(), "\"anything\"", "\"much\"")).isEqualTo(read("", Double.NaN));
    }

    @Test
    void membersHaveTheNamesOfTheOptions() throws Exception {
        ReadOptions options = ReadOptions.defaults().withTypes("value", "type", "view=ignored,rating>3,*=ignored");
        assertThat(event(options, "5", "\"rating\"")).isNotNull();
        assertThat(event(options, "2", "\"rating\"")).isNull();
        assertThat(event(options, "5", "\"view\"")).isNull();
    }

    @Test
    void unknownTypesAndWrongValuesAreBadRows() {
        ReadOptions options = types("buy,rating>=4");
        assertThatThrownBy(() -> event(options, "\"viwe\"", "null"))
                .isInstanceOf(JsonRows.WrongRowException.class)
                .hasMessage(
                        "the type \"viwe\" fits no rule of --types; name it there, or end the rules with *=ignored");
        assertThatThrownBy(() -> event(options, "null", "3"))
                .hasMessageStartingWith("an event without a type and the value 3.0 fits no rule");
        assertThatThrownBy(() -> event(options, "\"rating\"", "\"good\"")).hasMessage("\"value\" must be a number");
        assertThatThrownBy(() -> new JsonRows(types("buy=what"))).isInstanceOf(UserFacingException.class);
    }

    @Test
    void filesAreReadByTheSameRoles(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("events.csv");
        Files.writeString(file, """
                user,item,type,value
                u,i,buy,
                u,i,remove,
                u,i,rating,2
                u,i,rating,4.5
                u,i,view,1
                """);
        ReadOptions options = ReadOptions.defaults()
                .withTypes("type", "value", "buy,view=input,rating>=4,remove=negative*2,rating=ignored");
        List<Row> rows = new ArrayList<>();
        try (RowReader reader = RowFormat.events(options).open(file)) {
            for (Row row = reader.next(); row != null; row = reader.next()) {
                rows.add(row);
            }
        }
        assertThat(rows).containsExactly(read("buy", Double.NaN), read("rating", 4.5), read("view", 1));
    }
}
