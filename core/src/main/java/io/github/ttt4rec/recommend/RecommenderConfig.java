package io.github.ttt4rec.recommend;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The settings of a recommender: the section {@code model} of a configuration. Implementations are records whose components are
 * the section's keys in snake case. A component {@code maxLen} is filled from {@code train.max_len}.
 */
public sealed interface RecommenderConfig permits NetworkConfig, MemoryBasedConfig, TwoStageConfig {
    /** The type of recommender: a lower-case name such as {@code ttt4rec} or {@code item-knn}. */
    String type();

    /** The type and all settings on one line, for people; keys are in snake case, as in files. */
    default String describe() {
        String components = toString();
        String settings = components.substring(components.indexOf('[') + 1, components.length() - 1);
        Pattern capitalInKey = Pattern.compile("[A-Z](?=[A-Za-z0-9]*=)");
        return settings.isEmpty()
                ? type()
                : type() + ": "
                        + capitalInKey
                                .matcher(settings)
                                .replaceAll(capital -> "_" + capital.group().toLowerCase(Locale.ROOT));
    }
}
