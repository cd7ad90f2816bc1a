package io.github.ttt4rec.serve.http;

import io.github.ttt4rec.UserFacingException;
import io.helidon.common.configurable.Resource;
import io.helidon.common.pki.Keys;
import io.helidon.common.tls.Tls;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A server's certificate and key.
 *
 * @param certificate PEM file with the certificate, then those that vouch for it
 * @param key PEM file with its private key, not encrypted
 */
public record TlsFiles(Path certificate, Path key) {
    /** TLS 1.2 and 1.3 with them; throws {@link UserFacingException} if they cannot be read. */
    Tls load() {
        for (Path file : new Path[] {certificate, key}) {
            if (!Files.isReadable(file)) {
                throw new UserFacingException(file + ": no such file, or not to be read");
            }
        }
        try {
            Keys keys = Keys.builder()
                    .pem(pem -> pem.certChain(Resource.create(certificate)).key(Resource.create(key)))
                    .build();
            return Tls.builder()
                    .privateKey(keys.privateKey().orElseThrow())
                    .privateKeyCertChain(keys.certChain())
                    .addEnabledProtocol("TLSv1.3")
                    .addEnabledProtocol("TLSv1.2")
                    .build();
        } catch (RuntimeException e) {
            throw new UserFacingException(
                    "cannot use the certificate " + certificate + " with the key " + key
                            + ": both must be PEM, and the key PKCS#8 (BEGIN PRIVATE KEY) and not encrypted: "
                            + e.getMessage(),
                    e);
        }
    }
}
