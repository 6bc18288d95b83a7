package org.portolan.model.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.portolan.model.Position;

class SecretsTest {
    private final Secrets secrets = new Secrets();

    private static Object secret(String text) {
        return Map.of("secret", text);
    }

    @Test
    void knownValuesAreMaskedLongestFirstAndOrdinaryWordsStay() {
        secrets.add(Definition.of(Map.of(
                "env",
                Map.of(
                        "A", secret("hunter2"),
                        "B", secret("hunter2-and-more"),
                        "PORT", secret("8000"),
                        "HOST", secret("localhost"),
                        "SHORT", secret("abcd"),
                        "DSN", secret("postgres://app:geheim1@{DB_HOST}/shop"),
                        "PLAIN", "visible"),
                "docker",
                Map.of("Env", List.of(secret("TOKEN=tok-tok-tok"))))));
        assertThat(secrets.mask("B=hunter2-and-more A=hunter2 PLAIN=visible at localhost:8000 abcd"))
                .isEqualTo("B=•••• A=•••• PLAIN=visible at localhost:8000 abcd");
        assertThat(secrets.mask("password geheim1 for token tok-tok-tok")).isEqualTo("password •••• for token ••••");
        assertThat(secrets.mask("cannot fetch https://me:unknown@example.org/x"))
                .isEqualTo("cannot fetch https://me:••••@example.org/x");
    }

    @Test
    void aDomainsOwnNameIsNeverMasked() {
        TreeMap<String, String> users = new TreeMap<>(Map.of("a", "secret", "b", "other-word"));
        secrets.add(new Domain(
                "secret.test",
                List.of(),
                new TreeMap<>(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                false,
                users,
                Position.of("x")));
        assertThat(secrets.mask("secret.test is closed to other-word")).isEqualTo("secret.test is closed to ••••");
    }

    @Test
    void aNameIsShownWhetherItOrTheValueIsLearntFirst() {
        secrets.addAll(List.of("secret", "other-word"));
        assertThat(secrets.mask("secret.test")).isEqualTo("••••.test");
        secrets.keep(List.of("secret.test"));
        secrets.addAll(List.of("secret", "secret.test-and-more"));
        assertThat(secrets.mask("secret.test other-word secret.test-and-more")).isEqualTo("secret.test •••• ••••");
    }

    @Test
    void theLinesOfAKeyAreMaskedEachByItself() {
        String line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7";
        secrets.addAll(List.of("-----BEGIN PRIVATE KEY-----\n" + line + "\n-----END PRIVATE KEY-----\n"));
        assertThat(secrets.mask("| " + line)).isEqualTo("| ••••");
    }

    @Test
    void theSettingsOfAFileAreMaskedEachByItself() {
        secrets.addAll(List.of("""
                # who may connect
                [client]
                user = shop
                password = "tell-noone"
                requirepass hunter2
                ssl on
                max open files
                """));
        assertThat(secrets.mask("| user = shop")).isEqualTo("| ••••");
        assertThat(secrets.mask("bad password tell-noone for shop")).isEqualTo("bad password •••• for shop");
        assertThat(secrets.mask("wrong: hunter2")).isEqualTo("wrong: ••••");
        assertThat(secrets.mask("[client] max open files, ssl on")).isEqualTo("[client] max open files, ssl on");
    }
}
