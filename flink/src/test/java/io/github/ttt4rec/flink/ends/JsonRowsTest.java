package io.github.ttt4rec.flink.ends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.data.ReadOptions;
import io.github.ttt4rec.flink.state.UserEvent;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonRowsTest {
    private static ReadOptions types(String rules) {
        return ReadOptions.defaults().withTypes(null, null, rules);
    }

    private static @Nullable UserEvent event(ReadOptions options, String type, String value)
            throws JsonRows.WrongRowException {
        String event = "{\"user\": \"u\", \"item\": \"i\", \"type\": " + type + ", \"value\": " + value + "}";
        return new JsonRows(options).event(event.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void eventsAreReadByTheirRole() throws Exception {
        ReadOptions options = types("buy,view=input,rating>=4,remove=negative*2,rating=ignored");
        UserEvent read = new UserEvent("u", "i", UserEvent.NO_TIME, null);
        assertThat(event(options, "\"buy\"", "null")).isEqualTo(read);
        assertThat(event(options, "\"view\"", "null")).isEqualTo(read);
        assertThat(event(options, "\"rating\"", "4.5")).isEqualTo(read);
        assertThat(event(options, "\"rating\"", "3")).isNull();
        assertThat(event(options, "\"remove\"", "null")).isNull();
    }

    @Test
    void eventsAreAllReadWithoutRoles() throws Exception {
        assertThat(event(ReadOptions.defaults(), "\"anything\"", "\"much\"")).isNotNull();
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
}
