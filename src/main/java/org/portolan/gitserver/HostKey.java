package org.portolan.gitserver;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Iterator;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.AtomicFiles;

/** The key by which clients recognize the Git server: Ed25519, made once, readable by its owner only. */
final class HostKey {
    /** In the state directory. */
    static final String FILE = "git_host_key";

    private static final int BITS = 256;

    private HostKey() {}

    /** Reads it, and makes it if it is missing. */
    static KeyPair of(Path file) {
        try {
            if (!Files.exists(file)) {
                KeyPair made = KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, BITS);
                ByteArrayOutputStream text = new ByteArrayOutputStream();
                OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(made, "portolan", null, text);
                AtomicFiles.write(file, text.toByteArray(), "rw-------");
            }
            Iterator<KeyPair> keys =
                    new FileKeyPairProvider(file).loadKeys(null).iterator();
            if (keys.hasNext()) {
                return keys.next();
            }
        } catch (IOException | GeneralSecurityException | RuntimeException problem) {
            throw unusable(file, problem);
        }
        throw unusable(file, new IOException("it holds no key"));
    }

    private static Failure unusable(Path file, Exception problem) {
        return new Failure(
                        Kind.UNAVAILABLE, "cannot use the Git server's host key " + file + ": " + problem.getMessage())
                .withCause(problem)
                .withHint("move it away to have a new one made: clients will warn that the host key has changed");
    }
}
