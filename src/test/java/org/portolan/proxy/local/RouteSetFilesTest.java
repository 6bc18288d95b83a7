package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.json.JsonTree;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.model.routing.RouteSet.State;
import org.portolan.model.service.CheckRequest;
import org.portolan.model.service.Domain;
import org.portolan.model.service.ServiceSpec.EnvValue;
import org.portolan.model.service.ServiceSpec.Health;
import org.portolan.routing.RoutingTable;

class RouteSetFilesTest {
    @TempDir
    Path folder;

    /** A part with all there is. */
    static RouteSet part() {
        Health health = new Health(
                Health.Type.HTTP,
                "/up",
                "example.org",
                new TreeMap<>(Map.of("X-Probe", new EnvValue("a: b", true))),
                "http",
                List.of("true"),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                2,
                3,
                Duration.ofMillis(250),
                Duration.ofSeconds(5),
                Duration.ofSeconds(60));
        Backend backend = new Backend(
                "web",
                "http",
                true,
                List.of("10.1.0.1"),
                15_001,
                List.of("0.0.0.0:80"),
                true,
                Optional.of(health),
                List.of(ProxyFixture.with(ProxyFixture.ready(ProxyFixture.id("web", 3, 1), 20_001), State.DRAIN, 7)));
        Domain domain = ProxyFixture.domain("example.org")
                .alias("www.example.org")
                .route("/", ProxyFixture.target("web", 100), ProxyFixture.target("next", 10))
                .route("/api/deep", ProxyFixture.target("web"))
                .tcp(2222, "web")
                .certificate(new Domain.Certificate("chain", "key"))
                .redirect()
                .maintenance()
                .sticky()
                .streamUploads()
                .auth("ann", "secret")
                .make();
        Domain digest = ProxyFixture.domain("d.org")
                .route("/", ProxyFixture.target("web"))
                .digest("ann", "secret")
                .make();
        return new RouteSet("shop", List.of(backend), List.of(domain, digest));
    }

    @Test
    void aPartComesBackAsItWasAndOnlyItsOwnerMayReadIt() throws IOException {
        RouteSetFiles files = files();
        files.write(new RouteSetFiles.Part(7, part()));
        assertThat(files.read("shop")).contains(new RouteSetFiles.Part(7, part()));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("shop.json"))))
                .isEqualTo("rw-------");
        files.write(new RouteSetFiles.Part(3, new RouteSet("a", List.of(), List.of())));
        assertThat(files.all().parts().stream().map(RouteSetFiles.Part::sequence))
                .containsExactly(3L, 7L);
        files.delete("shop");
        assertThat(files.read("shop")).isEmpty();
    }

    @Test
    void whatIsWrittenDownComesBack() {
        RouteSet logging = new RouteSet(
                "shop",
                List.of(),
                List.of(
                        ProxyFixture.domain("a.org")
                                .route("/", ProxyFixture.target("web"))
                                .log()
                                .make(),
                        ProxyFixture.domain("b.org")
                                .route("/", ProxyFixture.target("web"))
                                .logQuery()
                                .make()));
        files().write(new RouteSetFiles.Part(1, logging));
        assertThat(files().read("shop")).contains(new RouteSetFiles.Part(1, logging));
    }

    /** What commit 2a445c7 wrote for {@link #part}; up to 8e717d8 these files spelled some fields of a domain otherwise. */
    @Test
    void aPartOfAnEarlierVersionIsReadAndThatVersionReadsOurs() throws IOException {
        String earlier;
        try (InputStream recorded =
                Objects.requireNonNull(getClass().getResourceAsStream("/parts/commit-2a445c7.json"))) {
            earlier = new String(recorded.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(earlier).contains("redirect_https").doesNotContain("redirectHttps");
        Files.writeString(folder.resolve("shop.json"), earlier);
        assertThat(files().read("shop")).contains(new RouteSetFiles.Part(7, part()));
        // The oldest version that is upgraded from (1ce5309) wrote no host and no headers of checks, and knew no
        // digest.
        String oldest = earlier.replaceAll(
                        "\"(host|headers)\" : (\"example.org\"|\\{[^}]*}\\s*}),\\s*(?=\"(headers|port)\")", "")
                .replaceAll("\"(stream_uploads|digest_realm)\" : [^,]*,", "");
        assertThat(oldest).doesNotContain("headers", "digest_realm", "stream_uploads");
        Files.writeString(folder.resolve("shop.json"), oldest);
        RouteSet read = files().read("shop").orElseThrow().routes();
        assertThat(read.backends().getFirst().health().orElseThrow().host()).isEqualTo(CheckRequest.LOCALHOST);
        assertThat(read.domains().getFirst().redirectHttps()).isTrue();
        files().write(new RouteSetFiles.Part(7, part()));
        Object ours = JsonTree.read(Files.readAllBytes(folder.resolve("shop.json")));
        assertContains(ours, JsonTree.read(earlier.getBytes(StandardCharsets.UTF_8)));
    }

    /** Whether all that an earlier version wrote is in a tree, whatever else is. */
    private static void assertContains(Object ours, Object earlier) {
        switch (earlier) {
            case Map<?, ?> map -> map.forEach((key, value) -> assertContains(((Map<?, ?>) ours).get(key), value));
            case List<?> list -> {
                assertThat((List<?>) ours).hasSameSizeAs(list);
                for (int i = 0; i < list.size(); i++) {
                    assertContains(((List<?>) ours).get(i), list.get(i));
                }
            }
            default -> assertThat(ours).isEqualTo(earlier);
        }
    }

    private RouteSetFiles files() {
        return new RouteSetFiles(folder, RoutingTable::of);
    }

    private static RouteSet listening(String deployment, int port) {
        Backend backend =
                new Backend("web", "", true, List.of("10.1.0.1"), port, List.of(), false, Optional.empty(), List.of());
        return new RouteSet(deployment, List.of(backend), List.of());
    }

    private static List<String> served(RouteSetFiles.Applied applied) {
        return applied.parts().stream().map(part -> part.routes().deployment()).toList();
    }

    static Stream<Arguments> damage() {
        return Stream.of(
                Arguments.of("cut", "{\"secret\": "),
                Arguments.of("empty", ""),
                Arguments.of("zeros", "\0\0\0\0"),
                Arguments.of("binary", "\u0081\u00ff\u00fe secret"),
                Arguments.of("another kind", "[]"),
                Arguments.of("no part", "{\"sequence\":1}"),
                Arguments.of("a value that nothing is", part("\"mesh_port\":15", "\"mesh_port\":9915")),
                Arguments.of("an unknown word", part("DRAIN", "NAP")),
                Arguments.of("users lost", part("\"auth\":", "\"oath\":")),
                Arguments.of(
                        "redirection lost",
                        part("\"redirectHttps\":true", "\"r\":1").replace("\"redirect_https\":true", "\"s\":1")),
                Arguments.of("maintenance lost", part("\"maintenance\":true", "\"m\":1")),
                Arguments.of("a flag that is a text", part("\"maintenance\":true", "\"maintenance\":\"true\"")),
                Arguments.of("an address that is none", part("\"mesh\":[\"10.1.0.1\"]", "\"mesh\":\"10.1.0.1\"")),
                Arguments.of("another's", part("\"deployment\":\"bad\"", "\"deployment\":\"shop\"")),
                Arguments.of("newer", part("\"sequence\":", "\"format\":2,\"sequence\":")),
                Arguments.of("two in one", part("", "") + part("", "")));
    }

    /** The file of a deployment "bad" with one text for another. */
    private static String part(String from, String to) {
        String routes =
                JsonTree.text(RouteSetJson.tree(new RouteSet("bad", part().backends(), part().domains())), false);
        String text = "{\"sequence\":9,\"part\":" + routes + "}";
        assertThat(text).contains(from);
        return text.replaceFirst(Pattern.quote(from), to);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damage")
    void aDamagedFileCostsItsDeploymentAlone(String kind, String text) throws IOException {
        RouteSetFiles files = files();
        files.write(new RouteSetFiles.Part(7, listening("shop", 15_002)));
        Files.writeString(folder.resolve("bad.json"), text, StandardCharsets.ISO_8859_1);
        RouteSetFiles.Applied applied = files.all();
        assertThat(served(applied)).containsExactly("shop");
        assertThat(applied.table().pools()).containsKey("shop:web");
        assertThat(applied.damaged()).containsOnlyKeys("bad");
        assertThat(files.read("bad")).isEmpty();
        assertThat(files.defects(applied)).singleElement().satisfies(defect -> {
            assertThat(defect.found()).contains("bad.json").doesNotContain("secret");
            assertThat(defect.repair()).isPresent();
        });
        assertSetAside(files, applied);
    }

    private void assertSetAside(RouteSetFiles files, RouteSetFiles.Applied applied) throws IOException {
        files.setAside(applied);
        assertThat(files.all().damaged()).isEmpty();
        assertThat(files.none()).isFalse();
        assertThat(files.defects(files.all())).singleElement().satisfies(defect -> {
            assertThat(defect.found()).contains("the routes of bad are not served", "bad.json.damaged-");
            assertThat(defect.repair()).isEmpty();
            assertThat(defect.remedy()).contains("deploy bad to create its routes again");
        });
        files.write(new RouteSetFiles.Part(10, listening("bad", 15_009)));
        assertThat(files.defects(files.all())).isEmpty();
        files.delete("bad");
        assertThat(list()).as("what held secrets").containsExactly("shop.json");
    }

    private List<String> list() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> String.valueOf(file.getFileName())).sorted().toList();
        }
    }

    @Test
    void aFolderInAFilesPlace() throws IOException {
        RouteSetFiles files = files();
        files.write(new RouteSetFiles.Part(7, listening("shop", 15_002)));
        Files.createDirectories(folder.resolve("bad.json/inside"));
        assertThat(files.all().damaged()).containsOnlyKeys("bad");
        assertThat(files.damaged("bad")).isTrue();
        assertSetAside(files, files.all());
    }

    @Test
    void partsThatCannotBeServedTogetherCostTheOneAppliedLast() {
        RouteSetFiles files = files();
        files.write(new RouteSetFiles.Part(1, listening("zebra", 15_002)));
        files.write(new RouteSetFiles.Part(2, listening("ant", 15_002)));
        files.write(new RouteSetFiles.Part(3, listening("bee", 15_003)));
        RouteSetFiles.Applied applied = files.all();
        assertThat(served(applied)).containsExactly("zebra", "bee");
        assertThat(applied.damaged().get("ant")).contains("cannot both listen on 10.1.0.1:15002");
        assertThat(applied.table().pools()).containsOnlyKeys("zebra:web", "bee:web");
    }
}
