package org.portolan.servicefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Desired;
import org.portolan.model.service.DigestCredential;
import org.portolan.model.service.Domain;
import org.portolan.model.service.ServiceSpec;
import org.portolan.servicefile.decode.ServiceDecoder;

/** YAML 1.2's meaning, and the normal form that definitions take. */
class MeaningTest {
    private static Object env(String value) {
        return LoadedFile.at(
                ServiceDecoder.tree(
                        LoadedFile.web("web: {env: {A: " + value + "}}").get("env")),
                "A");
    }

    @Test
    void textsStayWhatIsWritten() {
        for (String word : List.of(
                "no", "on", "yes", "1.10", "0644", "22:22", "0x1F", "1_000", "2024-01-01", "true", ".5", "1e3")) {
            assertThat(env(word)).isEqualTo(word);
        }
        assertThat(env("\"a\\tb\"")).isEqualTo("a\tb");
        assertThat(env("")).isEqualTo("");
        assertThat(env("\"~\"")).isEqualTo("~");
    }

    @Test
    void uploadsAreBufferedUnlessTheDomainSaysStream() {
        for (String said : List.of("", ", uploads: buffer", ", uploads: stream")) {
            Desired desired = LoadedFile.one("web: {image: a, port: 80}\nDomains: {a.org: {http: web" + said + "}}\n");
            assertThat(desired.domains().getFirst().streamUploads()).isEqualTo(said.endsWith("stream"));
        }
        assertThat(LoadedFile.faults("web: {image: a, port: 80}\nDomains: {a.org: {http: web, uploads: strem}}\n")
                        .getFirst())
                .contains("strem");
    }

    @Test
    void requestsAreWrittenDownWhereTheDomainSaysSo() {
        String file = "web: {image: a, port: 80}\nDomains: {a.org: {http: web%s}}\n";
        Map<String, Domain.AccessLog> meanings = Map.of(
                "", Domain.AccessLog.OFF,
                ", access_log: false", Domain.AccessLog.OFF,
                ", access_log: true", Domain.AccessLog.ON,
                ", access_log: {query: false}", Domain.AccessLog.ON,
                ", access_log: {query: true}", Domain.AccessLog.QUERY);
        meanings.forEach((said, meant) -> assertThat(LoadedFile.one(file.formatted(said))
                        .domains()
                        .getFirst()
                        .accessLog())
                .as(said)
                .isEqualTo(meant));
        Map<String, String> faults = Map.of(
                ", access_log: yes", "write true",
                ", access_log: {qeury: true}", "did you mean query?",
                ", access_log: {query: all}", "expected true or false",
                ", access_log: [query]", "expected true, false or a map");
        faults.forEach((said, told) ->
                assertThat(LoadedFile.faults(file.formatted(said)).getFirst()).contains(told));
        assertThat(LoadedFile.faults(
                                "web: {image: a, port: 80}\nDomains: {a.org: {tcp: \"2222, web\", access_log: true}}\n")
                        .getFirst())
                .contains("a TCP domain cannot have access_log");
    }

    @Test
    void authMeansDigestUnlessTheDomainSaysBasic() {
        String file = "web: {image: a, port: 80}\nDomains: {a.org: {http: web, auth: %s}}\n";
        Domain digest = LoadedFile.one(file.formatted("{Jöe \"J\": secret, ann: other}"))
                .domains()
                .getFirst();
        assertThat(digest.digestRealm()).contains("protected");
        assertThat(digest.auth())
                .containsEntry(
                        "Jöe \"J\"",
                        DigestCredential.of("Jöe \"J\"", "protected", "secret").text())
                .containsEntry(
                        "ann", DigestCredential.of("ann", "protected", "other").text());
        String md5 = "649a35ae7dcd68bbb0afd468c4beac4a";
        Domain hashes = LoadedFile.one(file.formatted("{alice: {ha1_md5: " + md5.toUpperCase(Locale.ROOT)
                        + "}}, auth_mode: digest, auth_realm: Zone 51"))
                .domains()
                .getFirst();
        assertThat(hashes.digestRealm()).contains("Zone 51");
        assertThat(hashes.auth()).containsEntry("alice", md5 + ",-");
        Domain basic = LoadedFile.one(file.formatted("{ann: other}, auth_mode: basic"))
                .domains()
                .getFirst();
        assertThat(basic.digestRealm()).isEmpty();
        assertThat(basic.auth()).containsEntry("ann", "other");
    }

    @Test
    void aChecksHostAndHeadersAreRead() {
        ServiceSpec.Health health = LoadedFile.spec("web: {port: 80, health: {http: /up, host: Shop.test:81,"
                        + " headers: {X-A: b, Authorization: hunter2}}}\n")
                .health()
                .orElseThrow();
        assertThat(health.host()).isEqualTo("shop.test:81");
        assertThat(LoadedFile.at(health.headers(), "X-A").text()).isEqualTo("b");
        assertThat(LoadedFile.at(health.headers(), "Authorization").secret()).isTrue();
    }

    @Test
    void aTimeoutOfOneSecondIsKeptWhereTheDefaultIsLonger() {
        String file = "web: {health: {exec: pg_isready, timeout: %s}}\n";
        assertThat(LoadedFile.spec(file.formatted("1s")).health().orElseThrow().timeout())
                .isEqualTo(java.time.Duration.ofSeconds(1));
        assertThat(LoadedFile.web("web: {health: {exec: pg_isready, timeout: 1s}}\n")
                        .hash())
                .isEqualTo(LoadedFile.web("web: {health: {exec: pg_isready}}\n").hash());
        assertThat(LoadedFile.web("web: {port: 80, health: {http: /up, timeout: 1s}}\n"))
                .isEqualTo(LoadedFile.web("web: {port: 80, health: {http: /up}}\n"));
    }

    @Test
    void keysThatLookLikeTruthValuesAreNames() {
        assertThat(LoadedFile.one("on: {image: a}\n\"no\": {image: a}\n")
                        .services()
                        .keySet())
                .containsExactly("no", "on");
    }

    @Test
    void jsonIsReadToo() {
        ServiceSpec spec =
                LoadedFile.spec("{\n\t\"web\": {\"image\": \"a\\/b\",\"port\":80,\t\"env\": {\"A\": \"x\\ty\"}}\n}\n");
        assertThat(spec.image()).isEqualTo("a/b");
        assertThat(spec.ports()).containsExactly(new ServiceSpec.Port("", 80));
        assertThat(LoadedFile.at(spec.env(), "A").text()).isEqualTo("x\ty");
    }

    @Test
    void mergeKeysAndAliasesAreFollowed() {
        Definition web = LoadedFile.web("""
                x-base: &base {image: a, env: {A: b}}
                x-more: &more {user: u, image: z}
                web:
                  <<: [*base, *more]
                  hostname: h
                """);
        assertThat(web.keys())
                .isEqualTo(Definition.of(Map.of("image", "a", "env", Map.of("A", "b"), "user", "u", "hostname", "h"))
                        .keys());
    }

    @Test
    void emptyBodiesAndShortNamesAreServices() {
        Desired desired = LoadedFile.one(
                "redis:\ncompany/cache:1.2:\nregistry.example.org:5000/team/db@sha256:" + "a".repeat(64) + ": {}\n");
        assertThat(desired.services().keySet()).containsExactly("cache", "db", "redis");
        assertThat(LoadedFile.at(desired.services(), "cache").definition().get("image"))
                .isEqualTo("company/cache:1.2");
        assertThat(LoadedFile.at(desired.services(), "redis").definition().keys())
                .isEqualTo(Map.of("image", "redis"));
        assertThat(LoadedFile.at(desired.services(), "redis").scale()).isEqualTo(1);
    }

    @Test
    void sameMeaningGivesTheSameDefinition() {
        Definition plain = LoadedFile.web("web: {image: a, port: 80, health: /up, require: [x, y]}\nx:\ny:\n");
        Definition wordy = LoadedFile.web("""
                x:
                y:
                web:
                  image: "a"
                  ports: {"": 80}
                  health: {http: /up, interval: 2000ms, deadline: 60s, healthy: 2}
                  require: [y, x, y]
                  restart: unless-stopped
                  pull: missing
                  privileged: false
                  rollout: {strategy: rolling, max_surge: 1, min_healthy: 2s}
                  stop: {drain: 30s, grace: 10s}
                  resources:
                """);
        // Said, a strategy holds where the image turns out to have a volume; it makes no other version.
        assertThat(wordy.with("rollout", null)).isEqualTo(plain);
        assertThat(wordy.hash()).isEqualTo(plain.hash());
    }

    @Test
    void commandsRunInAShellOrAsTheyAre() {
        assertThat(LoadedFile.spec("web: {cmd: echo a | cat}").command())
                .containsExactly("/bin/sh", "-c", "echo a | cat");
        assertThat(LoadedFile.spec("web: {cmd: [echo, 1, no]}").command()).containsExactly("echo", "1", "no");
        assertThat(LoadedFile.spec("web: {entrypoint: \"/bin/x 'a b' c\\\\ d\"}")
                        .entrypoint())
                .contains(List.of("/bin/x", "a b", "c d"));
        assertThat(LoadedFile.spec("web: {entrypoint: []}").entrypoint()).contains(List.of());
        assertThat(LoadedFile.spec("web:").entrypoint()).isEmpty();
    }

    @Test
    void portsTakeManyForms() {
        assertThat(LoadedFile.spec("web: {ports: 80}").ports()).containsExactly(new ServiceSpec.Port("", 80));
        assertThat(LoadedFile.spec("web: {ports: [80]}").ports()).containsExactly(new ServiceSpec.Port("", 80));
        assertThat(LoadedFile.spec("web: {port: assign}").ports()).containsExactly(new ServiceSpec.Port("", 0));
        assertThat(LoadedFile.spec("web: {ports: [http, api]}").ports())
                .containsExactly(new ServiceSpec.Port("http", 0), new ServiceSpec.Port("api", 0));
        assertThat(LoadedFile.spec(
                                "web: {ports: {http: 80, admin: assign}, wan_map: {\":80\": http, \"[::1]:81\": admin}}")
                        .wanMap())
                .isEqualTo(Map.of("0.0.0.0:80", "http", "[::1]:81", "admin"));
    }

    @Test
    void theMainPortIsTheUnnamedOneElseHttpElseTheFirstOfTheFile() {
        assertThat(LoadedFile.spec("web: {ports: {admin: 81, \"\": 80}}").mainPort())
                .isEmpty();
        assertThat(LoadedFile.spec("web: {ports: {admin: 81, http: 80}}").mainPort())
                .isEqualTo("http");
        assertThat(LoadedFile.spec("web: {ports: {zoo: 81, admin: 80}}").mainPort())
                .isEqualTo("zoo");
        assertThat(LoadedFile.spec("web: {ports: [zoo, admin]}").mainPort()).isEqualTo("zoo");
        assertThat(LoadedFile.spec("web: {ports: {zoo: 81}}").mainPort()).isEqualTo("zoo");
    }

    @Test
    void aCheckAsksTheMainPort() {
        ServiceSpec spec = LoadedFile.spec("web: {ports: {web: 80, admin: 81}, health: /up}");
        assertThat(spec.health().map(ServiceSpec.Health::port)).contains("web");
        assertThat(LoadedFile.spec("web: {ports: {web: 80}, health: {tcp: web}}")
                        .health()
                        .map(ServiceSpec.Health::type))
                .contains(ServiceSpec.Health.Type.TCP);
    }

    @Test
    void volumesTakeManyForms() {
        ServiceSpec spec = LoadedFile.spec("""
                web:
                  volumes:
                    data: /srv/data
                    logs: {target: /logs, read_only: true}
                    media: {target: /media, driver: nfs, source: media, options: {o: addr=192.0.2.1}}
                    /etc/ssl: /certs:ro
                """);
        assertThat(spec.volumes())
                .containsExactly(
                        new ServiceSpec.Volume(
                                "data", "/srv/data", ServiceSpec.Volume.Kind.NAMED, "", "local", Map.of(), false),
                        new ServiceSpec.Volume(
                                "etc-ssl", "/certs", ServiceSpec.Volume.Kind.BIND, "/etc/ssl", "local", Map.of(), true),
                        new ServiceSpec.Volume(
                                "logs", "/logs", ServiceSpec.Volume.Kind.NAMED, "", "local", Map.of(), true),
                        new ServiceSpec.Volume(
                                "media",
                                "/media",
                                ServiceSpec.Volume.Kind.DRIVER,
                                "media",
                                "nfs",
                                Map.of("o", "addr=192.0.2.1"),
                                false));
        assertThat(LoadedFile.spec("web: {volumes: [data:/d, /srv/x, \"/etc:/etc:ro\"]}")
                        .volumes())
                .extracting(ServiceSpec.Volume::name)
                .containsExactly("data", "etc", "srv-x");
    }

    @Test
    void canariesAreWrittenOut() {
        ServiceSpec spec = LoadedFile.spec(
                "web: {rollout: {strategy: canary, bake: 1m, steps: [5, {weight: 50, promote: true}]}}");
        assertThat(spec.rollout().steps())
                .containsExactly(
                        new ServiceSpec.CanaryStep(5, Optional.of(java.time.Duration.ofMinutes(1))),
                        new ServiceSpec.CanaryStep(50, Optional.empty()),
                        new ServiceSpec.CanaryStep(100, Optional.of(java.time.Duration.ZERO)));
        assertThat(LoadedFile.spec("web: {rollout: canary}").rollout().steps()).hasSize(4);
        assertThat(LoadedFile.spec("web: {rollout: {batch: 3}}").rollout().maxSurge())
                .isEqualTo(3);
        assertThat(LoadedFile.spec("web: {rollout: {gates: {errors: 1%, latency: 200ms}}}")
                        .rollout()
                        .gates())
                .extracting(ServiceSpec.Gate::limit)
                .containsExactly(1.0, 200.0);
    }

    @Test
    void optionsReachTheTypedView() {
        ServiceSpec spec = LoadedFile.spec("""
                web:
                  resources: {cpus: 0.50, memory: 1.5g}
                  cap_add: [CAP_NET_ADMIN, sys_time]
                  tmpfs: {/tmp: size=64m}
                  ulimits: {nofile: 1024}
                  extra_hosts: {db: 192.0.2.7}
                  network: {mode: host}
                  logging: local
                  labels: [a=b, c]
                  shm_size: 64m
                  docker: {HostConfig: {OomScoreAdj: 100, Init: true, Name: "5"}}
                  stop: {signal: int}
                """);
        assertThat(spec.resources().cpus()).isEqualTo(0.5);
        assertThat(spec.resources().memoryBytes()).isEqualTo(1536L * 1024 * 1024);
        assertThat(spec.options().capAdd()).containsExactly("NET_ADMIN", "SYS_TIME");
        assertThat(spec.options().tmpfs()).isEqualTo(Map.of("/tmp", "size=64m"));
        assertThat(spec.options().ulimits()).isEqualTo(Map.of("nofile", new ServiceSpec.Ulimit(1024, 1024)));
        assertThat(spec.options().extraHosts()).containsExactly("db:192.0.2.7");
        assertThat(spec.options().networkMode()).contains("host");
        assertThat(spec.options().logging().map(ServiceSpec.Logging::driver)).contains("local");
        assertThat(spec.options().labels()).isEqualTo(Map.of("a", "b", "c", ""));
        assertThat(spec.options().docker())
                .isEqualTo(Map.of("HostConfig", Map.of("OomScoreAdj", 100L, "Init", true, "Name", "5")));
        assertThat(spec.stop().signal()).contains("SIGINT");
        assertThat(spec.exclusive()).isTrue();
    }

    @Test
    void defaultsAreDesigns() {
        ServiceSpec spec = LoadedFile.spec("web: {health: /up}");
        assertThat(Definition.of(
                        LoadedFile.web("web: {health: {http: /up, interval: 2s, timeout: 1s, healthy: 2, unhealthy: 3,"
                                        + " start_interval: 250ms, start_period: 5s, deadline: 60s}}")
                                .keys()))
                .isEqualTo(LoadedFile.web("web: {health: /up}"));
        assertThat(spec.rollout().minHealthy()).hasSeconds(2);
        assertThat(LoadedFile.spec("web:").rollout().minHealthy()).hasSeconds(1);
        assertThat(spec.restart()).isEqualTo("unless-stopped");
        assertThat(spec.strategy()).isEqualTo(ServiceSpec.Strategy.ROLLING);
        assertThat(LoadedFile.spec("web: {volumes: {d: /d}}").strategy()).isEqualTo(ServiceSpec.Strategy.RECREATE);
    }

    @Test
    void whatDockerSaysIsSecretWhereEnvWouldBe() {
        Definition web = LoadedFile.web("""
                web:
                  docker:
                    Env: [TOKEN=hunter2, "URL=redis://a:hunter2@b", PLAIN=shown]
                    HostConfig: {LogConfig: {Type: splunk, Config: {splunk-token: hunter2, splunk-url: "https://x"}}}
                """);
        assertThat(web.masked().toString()).doesNotContain("hunter2").contains("PLAIN=shown", "https://x");
        ServiceSpec spec = ServiceSpec.from("web", web);
        assertThat(LoadedFile.at(spec.env(), "TOKEN")).isEqualTo(new ServiceSpec.EnvValue("hunter2", true));
        assertThat(LoadedFile.at(spec.env(), "PLAIN").secret()).isFalse();
        assertThat(spec.options().docker().toString()).contains("splunk-token=hunter2");
    }

    @Test
    void aPortIsMeantByItsNumberOrAsPortWhereItHasNoName() {
        assertThat(LoadedFile.spec("web: {port: 5432, wan_map: {\":1\": port, \":2\": 5432, \":3\": }}")
                        .wanMap())
                .containsOnly(Map.entry("0.0.0.0:1", ""), Map.entry("0.0.0.0:2", ""), Map.entry("0.0.0.0:3", ""));
        assertThat(LoadedFile.spec("web: {ports: {a: 80, b: 81, port: 82}, wan_map: {\":1\": 81, \":2\": port}}")
                        .wanMap())
                .containsOnly(Map.entry("0.0.0.0:1", "b"), Map.entry("0.0.0.0:2", "port"));
        Desired desired =
                LoadedFile.one("Name: s\nweb: {ports: {a: 80, \"\": 81}}\nDomains: {a.org: {paths: {/: s:web:port, "
                        + "/b: s:web:80, /c: s:web:81}}}\n");
        assertThat(desired.domains().getFirst().routes().values().stream()
                        .map(route -> route.targets().getFirst().port()))
                .containsExactlyInAnyOrder("", "a", "");
    }
}
