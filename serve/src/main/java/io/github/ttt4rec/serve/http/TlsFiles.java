package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.UserFacingException;
import io.helidon.common.configurable.Resource;
import io.helidon.common.pki.Keys;
import io.helidon.common.tls.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A server's certificate and key.
 *
 * @param certificate the PEM file with the certificate, followed by its chain
 * @param key the PEM file with its unencrypted private key
 */
public record TlsFiles(Path certificate, Path key) {
    /**
     * The content of the files.
     *
     * @param tls the TLS configuration (1.2 and 1.3)
     * @param from the start of the certificate's validity
     * @param until the end of the validity of the certificate and its chain
     * @param times the modification times of the files
     */
    record Loaded(Tls tls, Instant from, Instant until, List<FileTime> times) {}

    /** Reads the files; throws {@link UserFacingException} if they cannot be used or do not match. */
    Loaded load() {
        for (Path file : new Path[] {certificate, key}) {
            if (!Files.isReadable(file)) {
                throw new UserFacingException(file + ": no such file, or not to be read");
            }
        }
        try {
            List<FileTime> times = times();
            Keys keys = Keys.builder()
                    .pem(pem -> pem.certChain(Resource.create(certificate)).key(Resource.create(key)))
                    .build();
            List<X509Certificate> chain = keys.certChain();
            PrivateKey secret = keys.privateKey().orElseThrow();
            requirePair(chain.getFirst(), secret);
            Tls tls = Tls.builder()
                    .privateKey(secret)
                    .privateKeyCertChain(chain)
                    .addEnabledProtocol("TLSv1.3")
                    .addEnabledProtocol("TLSv1.2")
                    .build();
            Instant until = chain.stream()
                    .map(each -> each.getNotAfter().toInstant())
                    .min(Instant::compareTo)
                    .orElseThrow();
            return new Loaded(tls, chain.getFirst().getNotBefore().toInstant(), until, times);
        } catch (UserFacingException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new UserFacingException(
                    "cannot use the certificate " + certificate + " with the key " + key
                            + ": both must be PEM, and the key PKCS#8 (BEGIN PRIVATE KEY) and not encrypted: "
                            + e.getMessage(),
                    e);
        }
    }

    /** Returns the modification times of the files. */
    List<FileTime> times() {
        try {
            return List.of(Files.getLastModifiedTime(certificate), Files.getLastModifiedTime(key));
        } catch (IOException e) {
            throw new UserFacingException("cannot look at the certificate and its key: " + e.getMessage(), e);
        }
    }

    /** With a key that does not match, every handshake would fail. */
    private void requirePair(X509Certificate first, PrivateKey secret) {
        String algorithm = switch (secret.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> secret.getAlgorithm();
        };
        byte[] message = {1, 2, 3};
        boolean pair;
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(secret);
            signature.update(message);
            byte[] signed = signature.sign();
            signature.initVerify(first.getPublicKey());
            signature.update(message);
            pair = signature.verify(signed);
        } catch (GeneralSecurityException e) {
            throw new UserFacingException(
                    "the key " + key + " does not belong to the first certificate in " + certificate + ": "
                            + e.getMessage(),
                    e);
        }
        if (!pair) {
            throw new UserFacingException(
                    "the key " + key + " does not belong to the first certificate in " + certificate);
        }
    }
}
