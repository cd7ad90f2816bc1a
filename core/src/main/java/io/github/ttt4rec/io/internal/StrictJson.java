package io.github.ttt4rec.io.internal;

import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** JSON parsing in which a duplicate key is an error. */
final class StrictJson {
    private StrictJson() {}

    /** A factory of parsers that refuse duplicate keys. */
    static JsonFactory factory() {
        return JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
    }
}
