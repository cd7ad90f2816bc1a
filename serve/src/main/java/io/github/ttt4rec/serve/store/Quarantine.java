package io.github.ttt4rec.serve.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The users whose stored events are damaged, by id, with the reason. Their reads fail at once; everyone else goes on. */
final class Quarantine {
    private static final System.Logger LOGGER = System.getLogger(Quarantine.class.getName());

    private final Map<String, String> users = new ConcurrentHashMap<>();

    /** Adds a user; says so once, in one line that does not name the user. */
    void add(String user, String reason) {
        if (users.putIfAbsent(user, reason) == null) {
            LOGGER.log(
                    System.Logger.Level.ERROR,
                    "one user's stored events are damaged and are not read any more; './ttt4rec check' repairs them: "
                            + reason);
        }
    }

    /** Takes a user out, who has been deleted. */
    void remove(String user) {
        users.remove(user);
    }

    /** Throws {@link DamagedUserException} if the user is in it. */
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
