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
import org.portolan.process.Home;
import org.portolan.source.GitSettings;
import org.portolan.source.Sources;
import org.portolan.source.git.GitProgram;
import org.portolan.source.git.GitSources;
import org.portolan.sync.SourceAccess;
import org.portolan.sync.SourceLoader;

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
        Map<String, String> environment = Map.of("PORTOLAN_SOURCES", text, "HOME", folder.toString());
        SourceAccess access = new SourceAccess() {
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
        return new FollowedSources(
                access.configuration().sources(),
                state,
                new SourceLoader(access, environment, InstantSource.system(), warning -> {}));
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
