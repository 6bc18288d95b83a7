package org.portolan.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.engine.docker.RegistryCredentials.Found;

class RegistryCredentialsTest {
    @TempDir
    Path folder;

    private Found find(String config, String registry) throws IOException {
        Files.writeString(folder.resolve("config.json"), config);
        return new RegistryCredentials(folder, Map.of("PATH", folder + ":/usr/bin:/bin")).find(registry);
    }

    private void helper(String name, String script) throws IOException {
        Path file = folder.resolve("docker-credential-" + name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private static String decoded(Found found) {
        return new String(Base64.getUrlDecoder().decode(found.header()), StandardCharsets.UTF_8);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void none_when_there_is_no_configuration_or_no_entry() throws IOException {
        assertThat(new RegistryCredentials(folder.resolve("no"), Map.of()).find("r:1"))
                .isEqualTo(Found.NONE);
        assertThat(find("{\"auths\":{\"other:1\":{\"auth\":\"" + base64("a:b") + "\"}}}", "r:1"))
                .isEqualTo(Found.NONE);
    }

    @Test
    void reads_user_and_password_from_the_file_however_the_registry_is_written() throws IOException {
        for (String key : new String[] {"r:1", "https://r:1", "http://r:1/v2/"}) {
            Found found = find("{\"auths\":{\"" + key + "\":{\"auth\":\"" + base64("me:p:w") + "\"}}}", "r:1");
            assertThat(decoded(found))
                    .isEqualTo("{\"username\":\"me\",\"password\":\"p:w\",\"serveraddress\":\"r:1\"}");
            assertThat(found.toString()).doesNotContain("p:w");
        }
    }

    @Test
    void an_identity_token_goes_instead_of_a_password() throws IOException {
        Found found =
                find("{\"auths\":{\"r:1\":{\"auth\":\"" + base64("me:") + "\",\"identitytoken\":\"tok\"}}}", "r:1");
        assertThat(decoded(found)).contains("\"identitytoken\":\"tok\"").doesNotContain("password");
    }

    @Test
    void asks_the_registrys_own_helper_before_the_common_store() throws IOException {
        helper("one", "read r; printf '{\"Username\":\"u1\",\"Secret\":\"%s\"}' \"$r\"");
        helper("two", "printf '{\"Username\":\"<token>\",\"Secret\":\"t2\"}'");
        String config = "{\"credsStore\":\"two\",\"credHelpers\":{\"r:1\":\"one\"}}";
        assertThat(decoded(find(config, "r:1"))).contains("\"username\":\"u1\",\"password\":\"r:1\"");
        assertThat(decoded(find(config, "r:2"))).contains("\"identitytoken\":\"t2\"");
    }

    @Test
    void a_helper_that_fails_gives_none_and_says_why() throws IOException {
        helper("fails", "echo credentials not found in native keychain; exit 1");
        assertThat(find("{\"credsStore\":\"fails\"}", "r:1").header()).isEmpty();
        assertThat(find("{\"credsStore\":\"fails\"}", "r:1").trouble().orElseThrow())
                .contains("docker-credential-fails");
        assertThat(find("{\"credsStore\":\"missing\"}", "r:1").trouble().orElseThrow())
                .contains("docker-credential-missing");
        assertThat(find("{\"credsStore\":\"../x\"}", "r:1").trouble()).isPresent();
    }
}
