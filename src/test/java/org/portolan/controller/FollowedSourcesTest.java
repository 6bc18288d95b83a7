package org.portolan.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.config.Configuration;
import org.portolan.config.Configurations;
import org.portolan.config.PushRepositories;
import org.portolan.model.Failure;
import org.portolan.model.service.Desired;
import org.portolan.model.service.SourceId;
import org.portolan.process.Home;
import org.portolan.source.GitSettings;
import org.portolan.source.Sources;
import org.portolan.source.git.GitProgram;
import org.portolan.source.git.GitSources;
import org.portolan.sync.LoadedSource;
import org.portolan.sync.SourceAccess;
import org.portolan.sync.SourceLoader;
import org.portolan.sync.SourceRequest;

/** Sources as they are configured, read from real repositories. */
@Tag("real")
class FollowedSourcesTest {
    private static final String SERVICES = "web:\n  image: web:%%TAG%%\n";

    @TempDir
    Path folder;

    private Path state;
    private GitProgram work;
    private Path bare;

    @BeforeEach
    void prepare() throws IOException {
        state = Files.createDirectories(folder.resolve("state")).toRealPath();
        work = GitProgram.repository(folder.resolve("work")).write("Servicefile", SERVICES);
        bare = folder.resolve("shop.git");
        GitProgram.bare(bare);
        work.commit("one");
    }

    private FollowedSources sources(String text) {
        return new FollowedSources(() -> access(text).configuration().sources(), state, loader(text));
    }

    private SourceLoader loader(String text) {
        return new SourceLoader(access(text), Map.of("HOME", folder.toString()), InstantSource.system(), warning -> {});
    }

    private SourceAccess access(String text) {
        Map<String, String> environment = Map.of("PORTOLAN_SOURCES", text, "HOME", folder.toString());
        return new SourceAccess() {
            @Override
            public Home home() {
                return Home.of(Map.of("PORTOLAN_HOME", state.toString()));
            }

            @Override
            public Configuration configuration() {
                return Configurations.read(environment, state);
            }

            @Override
            public Sources sources() {
                return new GitSources(GitSettings.of(state, environment));
            }
        };
    }

    private static List<String> names(FollowedSources sources) {
        return sources.all().stream().map(Followed::name).toList();
    }

    private static List<String> deployments(Declared declared) {
        return declared.deployments().stream().map(Desired::name).toList();
    }

    @Test
    void eachBranchOfASourceDeploysItsOwnDeploymentFromTheSameFile() {
        work.run("push", "-q", bare.toString(), "main", "main:staging");
        FollowedSources sources = sources("{shop: {url: " + bare
                + ", env: {TAG: 1}, branches: {main: production, staging: staging, gone: old}}}");
        assertThat(names(sources)).containsExactly("shop@gone", "shop@main", "shop@staging");
        work.write("more", "x").commit("two");
        work.run("push", "-q", bare.toString(), "main:staging");
        Declared production = sources.read("shop@main");
        Declared staging = sources.read("shop@staging");
        assertThat(deployments(production)).containsExactly("production");
        assertThat(deployments(staging)).containsExactly("staging");
        assertThat(staging.commit()).isEqualTo(work.run("rev-parse", "main")).isNotEqualTo(production.commit());
        assertThat(staging.complete())
                .as("what another branch deploys is not removed")
                .isFalse();
        assertThatThrownBy(() -> sources.read("shop@gone")).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> sources.read("shop@other")).hasMessageContaining("unknown source shop@other");
    }

    @Test
    void eachFileThatIsLikeAPatternIsReadByItself() {
        work.write("hosts/a/Servicefile", "Name: a\n" + SERVICES)
                .write("hosts/b/Servicefile", "Name: b\nweb: {image: [}\n")
                .write("hosts/README.md", "x")
                .write("hosts/c/deep/Servicefile", SERVICES)
                .commit("two");
        work.run("push", "-q", bare.toString(), "main");
        FollowedSources sources = sources("{fleet: {url: " + bare + ", path: 'hosts/*', poll: 5s, env: {TAG: 7}}}");
        assertThat(names(sources)).containsExactly("fleet");
        SourceParts parts = sources.parts("fleet").orElseThrow();
        assertThat(parts.all().stream().map(Followed::name))
                .containsExactly("fleet:hosts/a/Servicefile", "fleet:hosts/b/Servicefile");
        Declared a = sources.read("fleet:hosts/a/Servicefile");
        assertThat(deployments(a)).containsExactly("a");
        assertThat(a.id().path()).isEqualTo("hosts/a/Servicefile");
        assertThat(a.commit()).isEqualTo(parts.commit());
        assertThat(parts.all().getFirst().owns().test(a.id())).isTrue();
        assertThatThrownBy(() -> sources.read("fleet:hosts/b/Servicefile")).isInstanceOf(Failure.class);
        assertThat(parts.left().test(a.id(), "a")).as("its file is there").isFalse();
        work.run("rm", "-q", "-r", "hosts/a");
        work.commit("three");
        work.run("push", "-q", bare.toString(), "main");
        SourceParts next = sources.parts("fleet").orElseThrow();
        assertThat(next.all()).hasSize(1);
        assertThat(next.left().test(a.id(), "a")).isTrue();
        assertThat(next.left().test(new SourceId(a.id().location(), "Servicefile"), "a"))
                .as("of another file")
                .isFalse();
        work.run("rm", "-q", "-r", "hosts/b");
        work.commit("four");
        work.run("push", "-q", bare.toString(), "main");
        assertThatThrownBy(() -> sources.parts("fleet"))
                .hasMessageContaining("no file of source fleet is like hosts/*");
    }

    @Test
    void tooManyFilesAreRefusedAsAWhole() {
        for (int i = 0; i < 101; i++) {
            work.write("hosts/h" + i + "/Servicefile", SERVICES);
        }
        work.commit("many");
        work.run("push", "-q", bare.toString(), "main");
        FollowedSources sources = sources("{fleet: {url: " + bare + ", path: 'hosts/*', poll: 5s}}");
        assertThatThrownBy(() -> sources.parts("fleet"))
                .hasMessageContaining("more than 100 files are like hosts/* in "
                        + bare.toString().replace(".git", ""));
    }

    @Test
    void eachBranchThatIsLikeAPatternDeploysItsOwnDeployment() {
        work.run("push", "-q", bare.toString(), "main", "main:release/1.2", "main:release/next", "main:other");
        FollowedSources sources = sources("{shop: {url: " + bare
                + ", branches: {main: production, 'release/*': {deployment: 'shop-*', env: {TAG: 2}}, release/next: next},"
                + " env: {TAG: 1}}}");
        assertThat(names(sources)).containsExactly("shop", "shop@main", "shop@release/next");
        SourceParts parts = sources.parts("shop").orElseThrow();
        assertThat(parts.all().stream().map(Followed::name)).containsExactly("shop@release/1.2");
        Declared release = sources.read("shop@release/1.2");
        assertThat(deployments(release)).containsExactly("shop-1-2");
        assertThat(release.deployments()
                        .getFirst()
                        .services()
                        .get("web")
                        .definition()
                        .keys()
                        .get("image"))
                .as("with the variables of the branch")
                .isEqualTo("web:2");
        assertThat(release.complete()).isFalse();
        SourceId id = release.id();
        assertThat(List.of(
                        parts.left().test(id, "shop-1-1"),
                        parts.left().test(id, "shop-1-2"),
                        parts.left().test(id, "production")))
                .as("of a branch that is gone, of one that is there, of another rule")
                .containsExactly(true, false, false);
        assertThat(sources.read("shop@main")
                        .deployments()
                        .getFirst()
                        .services()
                        .get("web")
                        .definition()
                        .keys()
                        .get("image"))
                .isEqualTo("web:1");
        work.run("push", "-q", bare.toString(), "main:release/1-2");
        assertThatThrownBy(() -> sources.parts("shop"))
                .hasMessageContaining(
                        "the branches release/1-2 and release/1.2 both stand for the deployment shop-1-2");
    }

    @Test
    void withoutRulesEachBranchDeploysWhatItsFileNames() {
        work.write("Servicefile", "Name: shop-%%BRANCH%%\n" + SERVICES).commit("named");
        work.run("push", "-q", bare.toString(), "main:try/one", "main:try/two");
        FollowedSources sources = sources("{shop: {url: " + bare + ", ref: 'try/*', env: {TAG: 1}}}");
        SourceParts parts = sources.parts("shop").orElseThrow();
        assertThat(parts.all().stream()
                        .map(part -> deployments(sources.read(part.name())))
                        .toList())
                .containsExactly(List.of("shop-try-one"), List.of("shop-try-two"));
        assertThat(parts.left().test(sources.read("shop@try/one").id(), "gone")).isTrue();
    }

    /** What a hook asks for, as {@code deploy --automatic} does. */
    private LoadedSource hook(String text, Optional<String> deployment, String ref, Map<String, String> parameters) {
        return loader(text)
                .load(new SourceRequest(
                        new SourceRequest.Place.Repository(bare.toString(), Optional.of(ref), "Servicefile"),
                        parameters,
                        deployment,
                        true,
                        true));
    }

    private static String image(List<Desired> deployments) {
        return String.valueOf(
                deployments.getFirst().services().get("web").definition().keys().get("image"));
    }

    @Test
    void aHookReadsABranchAsTheControllerDoes() {
        work.write(
                        "Servicefile",
                        "Parameters: {size: {default: large}}\nweb:\n  image: web:%%TAG%%-{{size}}-%%BRANCH%%\n")
                .commit("with parameters");
        work.run("push", "-q", bare.toString(), "main", "main:staging", "main:release/1.2", "main:other");
        String text = "{shop: {url: " + bare
                + ", env: {TAG: 1, BRANCH: none}, parameters: {size: medium}, branches: {main: production,"
                + " staging: {deployment: staging, env: {TAG: 2, BRANCH: next}, parameters: {size: small}},"
                + " 'release/*': {deployment: 'shop-*', env: {TAG: 3}}}}}";
        FollowedSources sources = sources(text);
        sources.parts("shop");
        Map<String, String> branches =
                Map.of("main", "web:1-medium-none", "staging", "web:2-small-next", "release/1.2", "web:3-medium-none");
        branches.forEach((branch, image) -> {
            Declared followed = sources.read("shop@" + branch);
            LoadedSource asked = hook(text, Optional.empty(), "refs/heads/" + branch, Map.of());
            assertThat(image(followed.deployments())).isEqualTo(image);
            assertThat(asked.withOrigin().toString())
                    .isEqualTo(followed.deployments().toString());
            assertThat(asked.request().deployment()).isPresent();
            assertThat(hook(text, Optional.empty(), branch, Map.of())
                            .withOrigin()
                            .toString())
                    .isEqualTo(followed.deployments().toString());
        });
        Optional<String> mine = Optional.of("mine");
        assertThat(image(hook(text, mine, "refs/heads/staging", Map.of()).withOrigin()))
                .as("of another deployment the branch's rule says nothing")
                .isEqualTo("web:1-medium-none");
        assertThat(image(hook(text, mine, "refs/heads/other", Map.of("size", "tiny"))
                        .withOrigin()))
                .as("what was given by hand wins")
                .isEqualTo("web:1-tiny-none");
        assertThat(image(hook(text, mine, work.run("rev-parse", "main"), Map.of())
                        .withOrigin()))
                .as("a commit is of no branch")
                .isEqualTo("web:1-medium-none");
    }

    @Test
    void aRepositoryThatReceivesPushesIsReadWhereItIsAndMayBeEmpty() {
        Path pushed = PushRepositories.repository(state, "site");
        FollowedSources sources = sources("{site: {url: push, env: {TAG: 1}, branches: {main: live, next: trial}}}");
        assertThat(sources.read("site@main").deployments()).isEmpty();
        GitProgram.bare(pushed);
        assertThat(sources.read("site@main")).satisfies(none -> {
            assertThat(none.deployments()).isEmpty();
            assertThat(none.commit()).isEmpty();
        });
        String commit = work.run("rev-parse", "main");
        work.run("push", "-q", pushed.toString(), "main:next");
        assertThat(sources.read("site@main").deployments()).isEmpty();
        Declared next = sources.read("site@next");
        assertThat(deployments(next)).containsExactly("trial");
        assertThat(next.commit()).isEqualTo(commit);
        assertThat(next.id().location()).isEqualTo(PushRepositories.location(state, "site"));
        assertThat(sources.all())
                .allMatch(followed -> followed.owns().test(next.id()))
                .hasSize(2);
    }

    @Test
    void aRepositoryThatNobodyConfiguredIsASourceToo() {
        FollowedSources sources = sources("{site: {url: " + bare + ", ref: main}}");
        GitProgram.bare(PushRepositories.repository(state, "blog"));
        GitProgram.bare(PushRepositories.repository(state, "site"));
        assertThat(sources.pushed()).containsExactly("blog");
        assertThat(names(sources)).containsExactly("site", "blog");
        assertThat(sources.target("blog", "main", "main"))
                .map(target -> target.source().name())
                .contains("blog");
        assertThat(sources.target("blog", "other", "main")).isEmpty();
        work.write("Servicefile", "Name: blog\nweb:\n  image: web:1\n").commit("named");
        work.run("push", "-q", PushRepositories.repository(state, "blog").toString(), "main");
        assertThat(deployments(sources.read("blog"))).containsExactly("blog");
    }

    @Test
    void whatAPushDeploysIsDecidedByTheRulesOfItsSource() {
        FollowedSources sources = sources("{site: {url: push, path: deploy, branches: {main: live, next: trial}},"
                + " one: {url: push, ref: release}}");
        assertThat(sources.target("site", "next", "main").orElseThrow()).satisfies(target -> {
            assertThat(target.source().name()).isEqualTo("site@next");
            assertThat(target.deployment()).contains("trial");
            assertThat(target.path()).isEqualTo("deploy");
        });
        assertThat(sources.target("site", "other", "other")).isEmpty();
        assertThat(sources.target("one", "main", "main")).isEmpty();
        assertThat(sources.target("one", "release", "main").orElseThrow().deployment())
                .isEqualTo(Optional.empty());
        assertThat(sources.branches("site")).containsExactly("main", "next");
        assertThat(sources.branches("one")).containsExactly("release");
        assertThat(sources.pushed()).containsExactly("one", "site");
    }
}
