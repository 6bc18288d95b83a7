package org.portolan.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.process.SystemCertificates.Choice;

class SystemCertificatesTest {
    @TempDir
    Path folder;

    private Choice choice;

    @BeforeEach
    void runtime() throws IOException {
        Files.createDirectories(folder.resolve("java/lib/security"));
        Files.createDirectories(folder.resolve("etc"));
        Files.writeString(folder.resolve("etc/second.pem"), "");
        choice = new Choice(
                folder.resolve("java"),
                "",
                "",
                List.of(folder.resolve("etc/first.pem"), folder.resolve("etc/second.pem")));
    }

    @Test
    void onlyARuntimeWithoutAuthoritiesUsesTheSystems() throws IOException {
        assertThat(choice.bundle()).contains(folder.resolve("etc/second.pem"));
        assertThat(new Choice(choice.java(), "/srv/trust.p12", "", choice.usual()).bundle())
                .as("a trust store was given")
                .isEmpty();
        assertThat(new Choice(choice.java(), "", "/srv/ca.pem", choice.usual()).bundle())
                .as("SSL_CERT_FILE")
                .contains(Path.of("/srv/ca.pem"));
        Files.writeString(folder.resolve("java/lib/security/cacerts"), "");
        assertThat(choice.bundle()).as("a JDK").isEmpty();
    }

    @Test
    void everyCertificateOfTheFileIsTrusted() throws Exception {
        Path keys = folder.resolve("keys.p12");
        StringBuilder bundle = new StringBuilder();
        for (String name : List.of("one", "two")) {
            keytool("-genkeypair -keyalg EC -alias " + name + " -dname CN=" + name + " -keystore " + keys);
            keytool("-exportcert -rfc -alias " + name + " -file " + folder.resolve(name) + " -keystore " + keys);
            bundle.append("# ").append(name).append('\n').append(Files.readString(folder.resolve(name)));
        }
        Path file = Files.writeString(folder.resolve("bundle.pem"), bundle);
        TrustManager[] managers = SystemCertificates.managers(file);
        assertThat(managers).hasSize(1);
        X509TrustManager manager = (X509TrustManager) managers[0];
        assertThat(manager.getAcceptedIssuers()).hasSize(2);
        for (X509Certificate each : manager.getAcceptedIssuers()) {
            assertThatCode(() -> manager.checkServerTrusted(new X509Certificate[] {each}, "ECDHE_ECDSA"))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void aFileThatIsNoneIsNamed() throws IOException {
        Path file = Files.writeString(
                folder.resolve("bundle.pem"),
                "-----BEGIN CERTIFICATE-----\n" + Base64.getEncoder().encodeToString(new byte[] {1, 2, 3})
                        + "\n-----END CERTIFICATE-----\n");
        assertThatThrownBy(() -> SystemCertificates.managers(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot read the certificate authorities in " + file);
    }

    private static void keytool(String arguments) {
        String command =
                Path.of(System.getProperty("java.home"), "bin/keytool") + " " + arguments + " -storepass changeit";
        assertThat(Commands.run(List.of(command.split(" ", -1)), java.time.Duration.ofSeconds(30))
                        .succeeded())
                .as(command)
                .isTrue();
    }
}
