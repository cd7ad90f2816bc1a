package io.github.ttt4rec.serve.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An admitted request.
 *
 * @param route its route
 * @param path the decoded parameters of its path, in order
 * @param query its parameters
 * @param body its body, empty if there is none
 * @param lines whether the body has one JSON value per line
 * @param user the only user that the caller may act for; null for every user
 * @param ifNoneMatch the header If-None-Match: the version that the client already has
 */
record Call(
        Route route,
        List<String> path,
        Query query,
        byte[] body,
        boolean lines,
        @Nullable String user,
        @Nullable String ifNoneMatch) {
    /** Returns the only parameter of the path, as an id. */
    String id(String what) {
        return Fields.checkedId(what, path.getFirst());
    }
}
