package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.UserFacingException;
import io.github.ttt4rec.internal.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may call the server. A request gives its token in the header {@code Authorization: Bearer TOKEN}.
 *
 * <p>If there are client tokens, every request needs one of them or an admin token. If there are tokens of either kind,
 * a request that changes or deletes a model, an item or a user needs an admin token; without admin tokens, nobody may
 * do so. If there are no tokens, everything is allowed.
 *
 * <p>Only hashes are kept. A token is compared with all of them in constant time.
 */
public final class Tokens {
    /** No tokens: everyone who reaches the server may do everything. */
    public static final Tokens NONE = new Tokens(List.of(), List.of(), "", null);

    private static final int MIN_LENGTH = 16;
    /** The number of rate limits that users share. */
    private static final int USER_RATES = 1 << 10;

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]{" + MIN_LENGTH + ",256}");

    private final List<byte[]> clients;
    private final List<byte[]> admins;
    /** The server's own client token, which its watchdog uses; empty if none is needed. */
    private final String own;
    /** Null if there are no tokens of users. */
    private final @Nullable UserTokens users;

    private Tokens(List<byte[]> clients, List<byte[]> admins, String own, @Nullable UserTokens users) {
        this.users = users;
        this.clients = clients;
        this.admins = admins;
        this.own = own;
    }

    /**
     * Reads tokens from files, one per line; ignores empty lines and lines that begin with {@code #}.
     *
     * @param clients the file with clients' tokens, or null
     * @param admins the file with admins' tokens, or null
     * @throws UserFacingException if a file cannot be read, has no token, or has one that is too short
     */
    public static Tokens read(@Nullable Path clients, @Nullable Path admins) {
        return new Tokens(hashes(clients), hashes(admins), "", null);
    }

    private static List<byte[]> hashes(@Nullable Path file) {
        if (file == null) {
            return List.of();
        }
        List<byte[]> hashes = new ArrayList<>();
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new UserFacingException(file + ": no such file", e);
        } catch (IOException e) {
            throw new UserFacingException(file + ": cannot read tokens: " + e.getMessage(), e);
        }
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (!TOKEN.matcher(line).matches()) {
                throw new UserFacingException(file + ", line " + (i + 1) + ": a token has " + MIN_LENGTH
                        + " to 256 letters, digits or ._~+/=- (make one with: openssl rand -hex 24)");
            }
            hashes.add(hash(line));
        }
        if (hashes.isEmpty()) {
            throw new UserFacingException(file + ": holds no token; expected one a line");
        }
        return hashes;
    }

    /** Returns these tokens with a random token for the server's own watchdog, if clients need tokens. */
    Tokens withOwn() {
        if (clients.isEmpty()) {
            return this;
        }
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        String token = HexFormat.of().formatHex(random);
        List<byte[]> more = new ArrayList<>(clients);
        more.add(hash(token));
        return new Tokens(List.copyOf(more), admins, token, users);
    }

    /** Returns these tokens with the watchdog's token of {@code other}, or a new one if that has none. */
    Tokens withOwnOf(Tokens other) {
        if (clients.isEmpty() || other.own.isEmpty()) {
            return withOwn();
        }
        List<byte[]> more = new ArrayList<>(clients);
        more.add(hash(other.own));
        return new Tokens(List.copyOf(more), admins, other.own, users);
    }

    /**
     * Returns these tokens plus tokens that are each bound to one user, see {@link UserTokens}.
     *
     * @param secret the file with the secret that signs these tokens
     * @throws UserFacingException if the file cannot be read, its secret is too short, or there are no tokens for
     *     clients, in which case a request without a token could do more than one with a user's token
     */
    public Tokens withUsers(Path secret) {
        if (clients.isEmpty()) {
            throw new UserFacingException(
                    "tokens of users need tokens of clients, or requests without a token could do more: give --token-file");
        }
        return new Tokens(clients, admins, own, UserTokens.read(secret, InstantSource.system()));
    }

    /** Returns the server's own token; empty if none is needed. */
    String own() {
        return own;
    }

    /** Returns whether every client needs a token. */
    public boolean guardClients() {
        return !clients.isEmpty();
    }

    private boolean guardAdmins() {
        return !clients.isEmpty() || !admins.isEmpty();
    }

    /**
     * The caller of a request.
     *
     * @param admin whether the caller has an admin token
     * @param token the index of the token for rate limits; 0 without a token
     * @param user the only user that the caller may act for; null for all users
     */
    record Caller(boolean admin, int token, @Nullable String user) {}

    /** Returns the number of different values of {@link Caller#token}. */
    int count() {
        return 1 + clients.size() + admins.size() + (users == null ? 0 : USER_RATES);
    }

    /**
     * Admits a request.
     *
     * @param authorization the header of that name, or null
     * @param needed the access that the route requires
     * @throws Problem 401 if a needed token is missing or unknown, 403 if the token is not sufficient
     */
    Caller admit(@Nullable String authorization, Access needed) {
        boolean guarded = needed == Access.ADMIN ? guardAdmins() : needed == Access.CLIENT && guardClients();
        if (!guarded) {
            return new Caller(false, 0, null);
        }
        if (authorization == null) {
            throw unauthorised("this needs a token: send the header Authorization: Bearer TOKEN");
        }
        if (!authorization.regionMatches(true, 0, "Bearer ", 0, "Bearer ".length())) {
            throw unauthorised("the header Authorization must be: Bearer TOKEN");
        }
        String token = authorization.substring("Bearer ".length()).strip();
        byte[] presented = hash(token);
        int client = find(clients, presented);
        int admin = find(admins, presented);
        String user = client < 0 && admin < 0 && users != null ? users.user(token) : null;
        if (client < 0 && admin < 0 && user == null) {
            throw unauthorised("this token is not known here");
        }
        if (needed == Access.ADMIN && admin < 0) {
            throw Problem.of(
                    403,
                    admins.isEmpty()
                            ? "this needs an admin token, and the server was started without any"
                            : "this needs an admin token");
        }
        if (user != null) {
            int rate = 1 + clients.size() + admins.size() + Math.floorMod(user.hashCode(), USER_RATES);
            return new Caller(false, rate, user);
        }
        return admin >= 0 ? new Caller(true, 1 + clients.size() + admin, null) : new Caller(false, 1 + client, null);
    }

    /** Compares with all hashes, whether found or not. */
    private static int find(List<byte[]> hashes, byte[] presented) {
        int found = -1;
        for (int i = 0; i < hashes.size(); i++) {
            if (MessageDigest.isEqual(hashes.get(i), presented)) {
                found = i;
            }
        }
        return found;
    }

    static Problem unauthorised(String detail) {
        return Problem.of(401, detail).withHeader("WWW-Authenticate", "Bearer");
    }

    private static byte[] hash(String token) {
        return Sha256.of(token.getBytes(StandardCharsets.UTF_8));
    }
}
