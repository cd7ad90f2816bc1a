package io.github.ttt4rec.serve.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which items may be recommended, beside those that are denied or unavailable and never are. Ids that the model does not
 * know have no effect.
 *
 * @param only nothing but these; null for the whole catalogue
 * @param exclude not these
 * @param excludeSeen nothing that is in the history
 */
public record Filter(@Nullable List<String> only, List<String> exclude, boolean excludeSeen) {
    /** Everything may be recommended. */
    public static final Filter NONE = new Filter(null, List.of(), false);

    /** Everything but what is in the history. */
    public static final Filter UNSEEN = new Filter(null, List.of(), true);
}
