package io.github.ttt4rec.io.internal;

import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** JSON as files here are read: a key given twice is an error, not a silent choice. */
final class StrictJson {
    private StrictJson() {}

    /** A factory of parsers that refuse keys given twice. */
    static JsonFactory factory() {
        return JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
    }
}
