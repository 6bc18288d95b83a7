package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.Failure;
import org.portolan.model.service.Domain;

/** Proxies that commit 2a445c7 configured, before there was HTTP Digest, and templates of a user from then. */
@Tag("real")
class DigestRenewalRealTest {
    @TempDir
    Path folder;

    private ProxyFixture before;
    private OriginServer web;
    private int mesh;

    @BeforeEach
    void start() throws IOException {
        before = new ProxyFixture(folder.resolve("proxies"), Optional.of(Path.of("src/test/resources/proxy/2a445c7")));
        web = new OriginServer("web");
        mesh = ProxyFixture.free();
        apply(before.proxy, open(), basic());
        for (String later : List.of("maps/digest.map", "maps/digest.lua", "secret-digest")) {
            Files.delete(before.settings.folder().resolve(later));
        }
    }

    @AfterEach
    void stop() {
        before.close();
        web.close();
    }

    private static Domain open() {
        return ProxyFixture.domain("open.org")
                .route("/", ProxyFixture.target("web"))
                .make();
    }

    private static Domain basic() {
        return ProxyFixture.domain("b.org")
                .route("/", ProxyFixture.target("web"))
                .auth("ann", "one")
                .make();
    }

    private static Domain digest() {
        return ProxyFixture.domain("d.org")
                .route("/", ProxyFixture.target("web"))
                .digest("ann", "one")
                .make();
    }

    private void apply(LocalProxy proxy, Domain... domains) {
        proxy.apply(before.part(
                List.of(ProxyFixture.http("web", mesh, ProxyFixture.ready(ProxyFixture.id("web", 1, 1), web.port()))),
                domains));
    }

    @Test
    void nothingIsTouchedUntilThereIsAChangeAndThenNothingIsLost() throws Exception {
        LocalProxy now = before.shipped();
        List<String> running = now.describe();
        assertThat(now.defects()).isEmpty();
        assertThat(now.ensureRunning()).isEmpty();
        assertThat(now.describe().getFirst().replaceAll("up .*", ""))
                .isEqualTo(running.getFirst().replaceAll("up .*", ""));
        List<String> passwords = List.of("", "one", DoorHammer.DIGEST + "one");
        try (DoorHammer hammer = new DoorHammer(before.http, List.of("open.org", "b.org"), passwords)) {
            hammer.allow("open.org", rule("200 web"));
            hammer.allow("b.org", rule("401", "one", "200 web"));
            hammer.rounds(2);
            apply(now, open(), basic(), digest());
            hammer.rounds(2);
            assertThat(hammer.faults).as(hammer.asked + " answers").isEmpty();
        }
        assertThat(before.status("d.org", "/")).isEqualTo("401");
        assertThat(before.status("d.org", "/", "--digest", "-u", "ann:one")).isEqualTo("200");
    }

    private static DoorHammer.Rule rule(String stranger, String... user) {
        TreeMap<String, String> words = new TreeMap<>(Map.of("", stranger));
        if (user.length > 0) {
            words.put(user[0], user[1]);
        }
        return new DoorHammer.Rule(words);
    }

    @Test
    void aTemplateFromBeforeIsRefusedForADigestDomainAndServesTheOthers() {
        assertThatThrownBy(() -> apply(before.proxy, open(), basic(), digest()))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("nginx.conf.mustache does not contain");
        assertThat(before.status("d.org", "/")).isEqualTo("404");
        assertThat(before.status("open.org", "/")).isEqualTo("200");
        assertThat(before.status("b.org", "/", "-u", "ann:one")).isEqualTo("200");
    }
}
