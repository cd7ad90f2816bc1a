package io.github.ttt4rec.flink.ends;

import io.github.ttt4rec.flink.state.UserRecommendations;
import io.github.ttt4rec.recommend.Recommendation;
import java.io.ByteArrayOutputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes recommendations as a JSON object with the same members as the server's. */
public final class UserRecommendationsJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private UserRecommendationsJson() {}

    static byte[] bytes(UserRecommendations answer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeStringProperty("user", answer.user());
            json.writeStringProperty("reason", answer.reason().name().toLowerCase(Locale.ROOT));
            switch (answer.reason()) {
                case EVENT -> id(json, "event_id", answer.id());
                case REQUEST -> id(json, "request_id", answer.id());
                case END -> {}
            }
            json.writeStringProperty("basis", answer.personal() ? "personal" : "popularity");
            json.writeStringProperty("model_version", answer.modelVersion());
            json.writeNumberProperty("events", answer.events());
            json.writeArrayPropertyStart("items");
            for (Recommendation item : answer.items()) {
                json.writeStartObject();
                json.writeStringProperty("item", item.item());
                json.writeNumberProperty("score", item.score());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void id(JsonGenerator json, String name, @Nullable String id) {
        if (id != null) {
            json.writeStringProperty(name, id);
        }
    }
}
