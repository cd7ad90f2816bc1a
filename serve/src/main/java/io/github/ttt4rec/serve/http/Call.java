package io.github.ttt4rec.serve.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that has been let in.
 *
 * @param route what it calls
 * @param path the decoded parameters of its path, in order
 * @param query its parameters
 * @param body its body, empty if there is none
 * @param lines whether the body is one JSON value a line
 * @param user the only user that the caller may act for; null for every user
 * @param ifNoneMatch what the client has already, from the header of that name
 */
record Call(
        Route route,
        List<String> path,
        Query query,
        byte[] body,
        boolean lines,
        @Nullable String user,
        @Nullable String ifNoneMatch) {
    /** The only parameter of the path, as the id of something. */
    String id(String what) {
        return Fields.checkedId(what, path.getFirst());
    }
}
