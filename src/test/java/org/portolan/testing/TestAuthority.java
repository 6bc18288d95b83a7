package org.portolan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A certificate authority of a test, and the certificates that it issues, as files in PEM. */
public final class TestAuthority {
    private static final String PASSWORD = "changeit";

    /** Files in PEM. */
    public record Issued(Path certificate, Path key) {}

    private final Path folder;
    private final Path keys;
    private final Map<String, Issued> issued = new HashMap<>();

    public TestAuthority(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        keys = folder.resolve("keys.p12");
        keytool(
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "ca",
                "-dname",
                "CN=Test authority",
                "-ext",
                "bc:c",
                "-ext",
                "ku=keyCertSign");
    }

    /** Its own certificate. */
    public Path certificate() {
        return pem("ca.pem", "CERTIFICATE", List.of(encoded("ca", 0)));
    }

    /**
     * A certificate and its key.
     *
     * @param names as keytool writes them: {@code dns:localhost,ip:127.0.0.1}
     * @param start as keytool writes it: {@code -10d}
     */
    public Issued issue(String name, String names, String start, int days) {
        return issued.computeIfAbsent(name, key -> made(key, names, start, days));
    }

    private Issued made(String name, String names, String start, int days) {
        keytool(
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                name,
                "-signer",
                "ca",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=" + names,
                "-startdate",
                start,
                "-validity",
                String.valueOf(days));
        return new Issued(pem(name + ".pem", "CERTIFICATE", List.of(encoded(name, 0), encoded(name, 1))), key(name));
    }

    public Issued issue(String name) {
        return issue(name, "dns:localhost,ip:127.0.0.1", "-1d", 90);
    }

    private Path key(String name) {
        try {
            Path file = pem(
                    name + ".key",
                    "PRIVATE KEY",
                    List.of(store().getKey(name, PASSWORD.toCharArray()).getEncoded()));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            return file;
        } catch (IOException | GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private byte[] encoded(String name, int index) {
        try {
            Certificate[] chain = store().getCertificateChain(name);
            return chain[index].getEncoded();
        } catch (IOException | GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private KeyStore store() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private Path pem(String file, String kind, List<byte[]> blocks) {
        StringBuilder text = new StringBuilder();
        for (byte[] block : blocks) {
            text.append("-----BEGIN ").append(kind).append("-----\n");
            text.append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(block));
            text.append("\n-----END ").append(kind).append("-----\n");
        }
        try {
            return Files.writeString(folder.resolve(file), text, StandardCharsets.US_ASCII);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void keytool(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin/keytool").toString()));
        command.addAll(Arrays.asList(arguments));
        command.addAll(List.of("-keystore", keys.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(said).isZero();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }
}
