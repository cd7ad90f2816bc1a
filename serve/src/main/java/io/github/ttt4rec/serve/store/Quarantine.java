package io.github.ttt4rec.serve.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The users whose stored events are damaged, by id, with the reason. Their reads fail at once; other users are not
 * affected.
 */
final class Quarantine {
    private static final System.Logger LOGGER = System.getLogger(Quarantine.class.getName());

    private final Map<String, String> users = new ConcurrentHashMap<>();

    /** Adds a user and logs it once, in one line without the user's id. */
    void add(String user, String reason) {
        if (users.putIfAbsent(user, reason) == null) {
            LOGGER.log(
                    System.Logger.Level.ERROR,
                    "one user's stored events are damaged and are not read any more; './ttt4rec check' repairs them: "
                            + reason);
        }
    }

    /** Removes a user who has been deleted. */
    void remove(String user) {
        users.remove(user);
    }

    /** Throws {@link DamagedUserException} if the user is in quarantine. */
    void require(String user) {
        String reason = users.get(user);
        if (reason != null) {
            throw new DamagedUserException(reason);
        }
    }

    boolean contains(String user) {
        return users.containsKey(user);
    }

    int count() {
        return users.size();
    }
}
