package org.portolan.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.model.InvalidInput;
import org.portolan.model.Position;
import org.portolan.model.Problem;

class ConfigReaderTest {
    private static final Path HOME = Path.of("/home/u/.portolan");

    @Test
    void trustedProxiesAreAddressesAndNetworksButNotEverybody() {
        Configuration.Edge edge = read(
                        List.of(),
                        Map.of(
                                "PORTOLAN_EDGE_TRUSTED_PROXIES", "10.0.0.0/8, fd00::/8, 192.0.2.1",
                                "PORTOLAN_EDGE_PROXY_PROTOCOL", "true"))
                .edge();
        assertThat(edge.trusted()).containsExactly("10.0.0.0/8", "fd00::/8", "192.0.2.1");
        assertThat(edge.proxyProtocol()).isTrue();
        for (String wrong : List.of("0.0.0.0/0", "::/0", "10.0.0.0/33", "lb.example.org", "10.0.0.1;")) {
            assertThatThrownBy(() -> read(List.of(), Map.of("PORTOLAN_EDGE_TRUSTED_PROXIES", wrong)))
                    .isInstanceOf(InvalidInput.class);
        }
        assertThatThrownBy(() -> read(List.of(), Map.of("PORTOLAN_EDGE_PROXY_PROTOCOL", "true")))
                .isInstanceOf(InvalidInput.class);
    }

    @Test
    void defaultsWorkWithoutAFile() {
        Configuration configuration = read(List.of(), Map.of());
        assertThat(configuration.edge())
                .isEqualTo(new Configuration.Edge(
                        List.of("127.0.0.1"),
                        8080,
                        8443,
                        0,
                        Duration.ofHours(1),
                        List.of(),
                        false,
                        new Configuration.AccessLog(16 << 20, 8, Duration.ofDays(30))));
        assertThat(configuration.redis()).isEmpty();
        assertThat(configuration.mesh().addresses()).isEmpty();
        assertThat(configuration.instances().ports()).isEqualTo(new Configuration.Ports(20000, 29999));
        assertThat(configuration.data()).isEqualTo(HOME.resolve("data"));
        assertThat(configuration.secretNames()).contains("password", "token", "secret", "key");
        assertThat(configuration.proxies().haproxy().system()).isFalse();
    }

    @Test
    void howMuchOfTheAccessLogIsKeptHasLimits() {
        Configuration.AccessLog log = read(
                        List.of(entry("access_log.size", "64k"), entry("access_log.age", "2160h")),
                        Map.of("PORTOLAN_ACCESS_LOG_FILES", "100"))
                .edge()
                .log();
        assertThat(log).isEqualTo(new Configuration.AccessLog(64 << 10, 100, Duration.ofDays(90)));
        for (Map.Entry<String, String> wrong : Map.of(
                        "access_log.size", "63k", "access_log.files", "0", "access_log.age", "59m")
                .entrySet()) {
            assertThatThrownBy(() -> read(List.of(entry(wrong.getKey(), wrong.getValue())), Map.of()))
                    .isInstanceOfSatisfying(InvalidInput.class, invalid -> assertThat(invalid.problems())
                            .singleElement()
                            .satisfies(
                                    problem -> assertThat(problem.message()).contains(wrong.getKey() + " should be")));
        }
    }

    @Test
    void whereProxiesListenIsAListOfBothFamilies() {
        Configuration configuration = read(
                List.of(
                        new ConfigEntry("edge.address", List.of("0.0.0.0", "[::]"), Position.of("portolan.yaml")),
                        entry("mesh.address", "10.1.0.1,fd00::1")),
                Map.of("PORTOLAN_STATS_ADDRESS", "127.0.0.1, ::1"));
        assertThat(configuration.edge().addresses()).containsExactly("0.0.0.0", "::");
        assertThat(configuration.mesh().addresses()).containsExactly("10.1.0.1", "fd00::1");
        assertThat(configuration.stats().addresses()).containsExactly("127.0.0.1", "::1");
    }

    @Test
    void variablesWinOverTheFile() {
        Configuration configuration =
                read(List.of(entry("edge.http", "81"), entry("edge.https", "444")), Map.of("PORTOLAN_EDGE_HTTP", "82"));
        assertThat(configuration.edge().http()).isEqualTo(82);
        assertThat(configuration.edge().https()).isEqualTo(444);
    }

    @Test
    void everyKeyCanBeAVariable() {
        assertThat(ConfigKey.REDIS.variable()).isEqualTo("PORTOLAN_REDIS");
        assertThat(ConfigKey.NETWORK_POOL.variable()).isEqualTo("PORTOLAN_NETWORK_POOL");
        assertThat(ConfigKey.HAPROXY_DRIVER.variable()).isEqualTo("PORTOLAN_PROXY_HAPROXY_DRIVER");
        assertThat(read(List.of(), Map.of("PORTOLAN_SECRET_NAMES", "pin, Code")).secretNames())
                .containsExactly("pin", "code");
    }

    @Test
    void relativePathsStartAtTheFile() {
        Configuration configuration = read(List.of(entry("proxy.templates", "templates")), Map.of());
        assertThat(configuration.proxies().templates()).contains(HOME.resolve("templates"));
    }

    @Test
    void theKeyOfACertificateIsInItsFileUnlessAnotherIsNamed() {
        Path one = HOME.resolve("api.pem");
        assertThat(read(List.of(entry("api.cert", "api.pem")), Map.of()).api().tls())
                .contains(new Configuration.Tls(one, one));
        assertThat(read(List.of(entry("api.cert", "api.pem")), Map.of("PORTOLAN_API_KEY", "/etc/ssl/api.key"))
                        .api()
                        .tls())
                .contains(new Configuration.Tls(one, Path.of("/etc/ssl/api.key")));
        assertThat(read(List.of(), Map.of()).api().tls()).isEmpty();
    }

    @Test
    void aDomainForTheApiNeedsAnEdgeThatCanServeIt() {
        ConfigEntry domain = entry("api.domain", "deploy.example.org");
        assertThat(read(List.of(domain), Map.of()).api().domain())
                .contains(new Configuration.PublicName("deploy.example.org", domain.at()));
        assertThat(read(List.of(), Map.of()).api().domain()).isEmpty();
        assertThat(read(List.of(domain), Map.of("PORTOLAN_EDGE_TIMEOUT", "30s"))
                        .api()
                        .domain())
                .isPresent();
        assertThatThrownBy(() -> read(List.of(domain), Map.of("PORTOLAN_EDGE_TIMEOUT", "29s")))
                .isInstanceOfSatisfying(InvalidInput.class, invalid -> assertThat(invalid.problems())
                        .extracting(Problem::message)
                        .containsExactly("api.domain with an edge.timeout of less than 30s"));
        assertThatThrownBy(() -> read(
                        List.of(
                                domain,
                                entry("proxy.haproxy.driver", "system"),
                                entry("proxy.haproxy.folder", "/etc/haproxy/conf.d"),
                                entry("proxy.haproxy.reload", "true")),
                        Map.of()))
                .isInstanceOfSatisfying(InvalidInput.class, invalid -> assertThat(invalid.problems())
                        .extracting(Problem::message)
                        .containsExactly("api.domain with proxy.haproxy.driver: system"));
    }

    @Test
    void aMisspeltSectionIsTold() {
        assertThatThrownBy(() -> read(List.of(entry("freze.weekend.from", "0 18 * * 5")), Map.of()))
                .isInstanceOfSatisfying(InvalidInput.class, invalid -> assertThat(
                                invalid.problems().getFirst().hint())
                        .contains("did you mean 'freeze'?"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "edge.http|0|edge.http should be a port, 1 to 65535, not '0'",
                "edge.address|0.0.0.0, 127.0.0.1|edge.address should be IP addresses, separated by commas or as a list, not both '0.0.0.0' and '127.0.0.1', of which one includes the other",
                "edge.address|::1, ::1|edge.address should be IP addresses, separated by commas or as a list, not '::1' twice",
                "edge.address|fe80::1|edge.address should be IP addresses, separated by commas or as a list, not 'fe80::1', a link-local address, which is not unique across interfaces",
                "edge.address|localhost|edge.address should be IP addresses, separated by commas or as a list, not 'localhost'",
                "stats.port|8080|stats.port should be a port, 1 to 65535, not the same as edge.http",
                "edge.http|http|edge.http should be a port, 1 to 65535, not 'http'",
                "edge.timeout|5|edge.timeout should be a duration such as '30s' or '10m', not '5'",
                "edge.max_upload|big|edge.max_upload should be a size such as '100m' or '2g', 0 for no limit, not 'big'",
                "network.pool|10.201.0.1/16|network.pool should be a network such as '10.201.0.0/16', not '10.201.0.1/16'",
                "network.prefix|15|network.prefix should be a number of bits, 16 to 29, not '15'",
                "instances.ports|3000|instances.ports should be two ports, 'first-last', not '3000'",
                "instances.ports|19000-21000|instances.ports should be two ports, 'first-last', not a range that overlaps mesh.ports",
                "redis|postgres://u:p@h|not the address of a Redis server: it must begin with redis://, rediss://, unix://, sentinel:// or cluster://",
                "redis_prefix|a b|redis_prefix should be letters, digits, '-', '_', ':' and '.', not 'a b'",
                "deploy.parallel|0|deploy.parallel should be a whole number from 1, not '0'",
                "proxy.nginx.driver|magic|proxy.nginx.driver should be 'process' or 'system', not 'magic'",
                "api.key|api.pem|api.key is set and api.cert is not",
                "api.domain|*.example.org|api.domain should be a host name in lower case, without '*', not '*.example.org'",
                "api.domain|Deploy.example.org|api.domain should be a host name in lower case, without '*', not 'Deploy.example.org'",
                "api.domain|192.0.2.7|api.domain should be a host name in lower case, without '*', not '192.0.2.7'",
                "edge.htpp|80|unknown key 'edge.htpp'"
            })
    void sayWhatIsWrongAndWhere(String path, String value, String message) {
        assertThatThrownBy(() -> read(List.of(entry(path, value)), Map.of()))
                .isInstanceOfSatisfying(InvalidInput.class, invalid -> {
                    assertThat(invalid.problems()).extracting(Problem::message).containsExactly(message);
                    assertThat(invalid.problems().get(0).at()).hasToString("portolan.yaml:3:7");
                });
    }

    /** A misspelt section is a mistake, whether something is in it yet or not. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sourcs: {}|unknown key 'sourcs'|did you mean 'sources'?",
                "sourcs:|unknown key 'sourcs'|did you mean 'sources'?",
                "edge: {htpp: }|unknown key 'edge.htpp'|did you mean 'edge.http'?",
                "nothing: {}|unknown key 'nothing'|docs/configuration.md lists every key"
            })
    void anEmptySectionThatNobodyKnowsIsAFault(String text, String message, String hint) {
        assertThatThrownBy(() -> read(ConfigFile.text("portolan.yaml", text), Map.of()))
                .isInstanceOfSatisfying(InvalidInput.class, invalid -> {
                    assertThat(invalid.problems()).extracting(Problem::message).containsExactly(message);
                    assertThat(invalid.problems().get(0).hint()).contains(hint);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"sources: {}", "sources:", "edge: {}", "edge:", "proxy: {nginx: {}}", "freeze:", "edge: {http: }"
            })
    void anEmptySectionThatIsKnownIsItsDefault(String text) {
        assertThat(read(ConfigFile.text("portolan.yaml", text), Map.of())).isNotNull();
    }

    @Test
    void allFaultsAreToldAtOnceAndUnknownKeysNameTheNearest() {
        assertThatThrownBy(() -> read(List.of(entry("edge.htpp", "1")), Map.of("PORTOLAN_EDGE_HTTPS", "x")))
                .isInstanceOfSatisfying(InvalidInput.class, invalid -> {
                    assertThat(invalid.problems()).hasSize(2);
                    assertThat(invalid.problems().get(0).at()).hasToString("PORTOLAN_EDGE_HTTPS");
                    assertThat(invalid.problems().get(1).hint()).contains("did you mean 'edge.http'?");
                });
    }

    @Test
    void theSystemsOwnProxyNeedsAFolderAndAReloadCommand() {
        assertThatThrownBy(() -> read(List.of(entry("proxy.nginx.driver", "system")), Map.of()))
                .isInstanceOfSatisfying(InvalidInput.class, invalid -> assertThat(invalid.problems())
                        .hasSize(2));
    }

    @Test
    void noTextShowsASecret() {
        Configuration configuration =
                read(List.of(), Map.of("PORTOLAN_REDIS", "redis://:hunter2@h", "PORTOLAN_STATS_PASSWORD", "hunter2"));
        assertThat(configuration.toString()).doesNotContain("hunter2");
        assertThat(configuration.redis().orElseThrow().server().password()).isEqualTo("hunter2");
        assertThat(configuration.redis().orElseThrow().place()).isEqualTo("PORTOLAN_REDIS");
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0,true", "::,true", "::1,true", "fe80::1,true", "1.2.3,false", "256.1.1.1,false", ":1,false"})
    void recognisesAddresses(String text, boolean address) {
        assertThat(ListenAddresses.isAddress(text)).isEqualTo(address);
    }

    private static ConfigEntry entry(String path, String value) {
        return new ConfigEntry(path, List.of(value), new Position("portolan.yaml", 3, 7));
    }

    private static Configuration read(List<ConfigEntry> entries, Map<String, String> environment) {
        return ConfigReader.read(entries, environment, HOME, HOME);
    }
}
