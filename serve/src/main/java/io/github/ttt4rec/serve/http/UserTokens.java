package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.UserFacingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Tokens that are bound to one user and expire: JSON Web Tokens (RFC 7519), signed with HMAC SHA-256 by a secret that
 * the shop's own server shares with this one. The claim {@code sub} is the user, {@code exp} the expiry time in epoch
 * seconds. No other algorithm is accepted.
 */
final class UserTokens {
    private static final int MIN_SECRET = 32;
    private static final int PARTS = 3;
    private static final String ALGORITHM = "HmacSHA256";

    private final byte[] secret;
    private final InstantSource clock;

    UserTokens(byte[] secret, InstantSource clock) {
        this.secret = secret.clone();
        this.clock = clock;
    }

    /**
     * Reads the secret from a file, without leading and trailing blanks.
     *
     * @throws UserFacingException if the file cannot be read, or the secret is too short
     */
    static UserTokens read(Path file, InstantSource clock) {
        byte[] secret;
        try {
            secret = Files.readString(file, StandardCharsets.UTF_8).strip().getBytes(StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new UserFacingException(file + ": no such file", e);
        } catch (IOException e) {
            throw new UserFacingException(file + ": cannot read the secret: " + e.getMessage(), e);
        }
        if (secret.length < MIN_SECRET) {
            throw new UserFacingException(file + ": a secret has at least " + MIN_SECRET
                    + " characters (make one with: openssl rand -hex 32)");
        }
        return new UserTokens(secret, clock);
    }

    /**
     * Returns the user of a token; null if it is not such a token or its signature is wrong.
     *
     * @throws Problem 401 if the signature is right, but the token has expired or lacks a claim
     */
    @Nullable String user(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != PARTS) {
            return null;
        }
        byte[] header;
        byte[] claims;
        byte[] signature;
        try {
            header = Base64.getUrlDecoder().decode(parts[0]);
            claims = Base64.getUrlDecoder().decode(parts[1]);
            signature = Base64.getUrlDecoder().decode(parts[2]);
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
        byte[] expected = sign((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        if (!MessageDigest.isEqual(expected, signature)) {
            return null;
        }
        JsonNode algorithm = Json.read(header).get("alg");
        JsonNode read = Json.read(claims);
        JsonNode user = read.get("sub");
        JsonNode expires = read.get("exp");
        if (algorithm == null || !algorithm.asString("").equals("HS256") || user == null || !user.isString()) {
            throw Tokens.unauthorised("a token of a user has alg HS256 and names the user as sub");
        }
        if (expires == null || !expires.isNumber()) {
            throw Tokens.unauthorised("a token of a user says as exp until when it holds, in epoch seconds");
        }
        if (clock.millis() / 1e3 >= expires.doubleValue()) {
            throw Tokens.unauthorised("this token has expired");
        }
        return Fields.checkedId("sub", user.stringValue());
    }

    private byte[] sign(byte[] signed) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            return mac.doFinal(signed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
