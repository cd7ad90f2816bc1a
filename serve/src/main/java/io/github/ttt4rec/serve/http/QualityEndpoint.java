package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.internal.EventRanks;
import io.github.ttt4rec.live.QualityLog;
import io.github.ttt4rec.live.QualityLog.Figures;
import io.github.ttt4rec.live.QualityLog.Group;
import io.github.ttt4rec.live.QualityLog.Method;
import io.github.ttt4rec.serve.engine.Engine;
import io.github.ttt4rec.serve.engine.QualityView;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/** Returns the quality of the lists: the ranks of sampled events just before they were stored. */
final class QualityEndpoint {
    private static final int RECENT = 1_000;
    /** Events of a part of the course. */
    private static final int PART = 250;

    static final String LAST = "last";

    private final Engine engine;

    QualityEndpoint(Engine engine) {
        this.engine = engine;
    }

    Response show(Call call) {
        int last = call.query().count(LAST, QualityLog.CAPACITY, QualityLog.CAPACITY);
        List<Integer> windows = last > RECENT ? List.of(RECENT, last) : List.of(last);
        QualityView quality = engine.quality();
        return Response.json(Json.write(json -> {
            json.writeStringProperty("model", engine.model().version());
            json.writeNumberProperty("sample_rate", quality.rate());
            json.writeNumberProperty("ranked", quality.log().added());
            json.writeNumberProperty("waiting", quality.waiting());
            json.writeNumberProperty("skipped", quality.skipped());
            json.writeBooleanProperty("dropped", quality.dropped());
            QualityLog.Change change = quality.log().change();
            if (change.before() > 0) {
                json.writeObjectPropertyStart("change");
                json.writeNumberProperty("events_before", change.before());
                json.writeNumberProperty("events_recent", change.recent());
                json.writeNumberProperty("ndcg_10_before", change.ndcgBefore());
                json.writeNumberProperty("ndcg_10_recent", change.ndcgRecent());
                json.writeNumberProperty("half_width", change.halfWidth());
                json.writeEndObject();
            }
            json.writeArrayPropertyStart("figures");
            for (int window : windows) {
                for (Group group : Group.values()) {
                    for (Method method : Method.values()) {
                        Figures figures = quality.log().figures(method, group, window);
                        if (figures.events() > 0) {
                            json.writeStartObject();
                            json.writeNumberProperty("window", window);
                            json.writeStringProperty("history", group.name().toLowerCase(Locale.ROOT));
                            json.writeStringProperty("method", method.name().toLowerCase(Locale.ROOT));
                            json.writeNumberProperty("events", figures.events());
                            json.writeNumberProperty("users", figures.users());
                            json.writeNumberProperty("hr_10", figures.hitRate());
                            json.writeNumberProperty("ndcg_10", figures.ndcg());
                            writeHalfWidth(json, figures);
                            json.writeNumberProperty("mrr", figures.reciprocalRank());
                            json.writeNumberProperty("known_share", figures.share());
                            if (figures.medianRank() < EventRanks.MISS) {
                                json.writeNumberProperty("median_rank", figures.medianRank());
                            }
                            json.writeEndObject();
                        }
                    }
                }
            }
            json.writeEndArray();
            course(json, quality.log());
        }));
    }

    private static void writeHalfWidth(JsonGenerator json, Figures figures) {
        if (!Double.isNaN(figures.halfWidth())) {
            json.writeNumberProperty("ndcg_10_half_width", figures.halfWidth());
        }
    }

    /** Writes the figures of all ranked events in parts, oldest first, by method. */
    private static void course(JsonGenerator json, QualityLog log) {
        json.writeArrayPropertyStart("course");
        for (Method method : Method.values()) {
            for (Figures part : log.course(method, PART)) {
                if (part.events() > 0) {
                    json.writeStartObject();
                    json.writeStringProperty("method", method.name().toLowerCase(Locale.ROOT));
                    json.writeNumberProperty("events", part.events());
                    json.writeNumberProperty("ndcg_10", part.ndcg());
                    writeHalfWidth(json, part);
                    json.writeEndObject();
                }
            }
        }
        json.writeEndArray();
    }
}
