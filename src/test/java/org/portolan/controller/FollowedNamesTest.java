package org.portolan.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.config.Configuration;
import org.portolan.config.Configurations;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.Home;
import org.portolan.source.RepositoryPatterns;
import org.portolan.source.Sources;
import org.portolan.sync.SourceAccess;
import org.portolan.sync.SourceLoader;

/** Sources whose configuration changes, with a Git host that is not there. */
class FollowedNamesTest {
    @TempDir
    Path state;

    private String written = "{shop: {url: /srv/shop.git, branches: {'release/*': 'shop-*'}}}";
    private final List<String> asked = new ArrayList<>();

    private final SourceAccess access = new SourceAccess() {
        @Override
        public Home home() {
            return Home.of(Map.of("PORTOLAN_HOME", state.toString()));
        }

        @Override
        public Configuration configuration() {
            return Configurations.read(Map.of("PORTOLAN_SOURCES", written), state);
        }

        @Override
        public Sources sources() {
            return (Sources) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Sources.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("find")) {
                            return List.of(new RepositoryPatterns.Match("release/1.2", "c0ffee", "Servicefile"));
                        }
                        asked.add(String.valueOf(arguments[1]));
                        throw new Failure(Kind.UNREACHABLE, "away");
                    });
        }
    };

    @Test
    void aBranchThatIsNamedByNowIsNotReadByTheCommitThatAPatternFound() {
        FollowedSources sources = new FollowedSources(
                () -> access.configuration().sources(),
                state,
                new SourceLoader(access, Map.of(), InstantSource.system(), warning -> {}));
        assertThat(sources.parts("shop").orElseThrow().commits()).containsOnlyKeys("shop@release/1.2");
        assertThatThrownBy(() -> sources.read("shop@release/1.2")).hasMessage("away");
        written = "{shop: {url: /srv/shop.git, branches: {release/1.2: shop-1-2}}}";
        assertThatThrownBy(() -> sources.read("shop@release/1.2")).hasMessage("away");
        assertThat(asked).containsExactly("Optional[c0ffee]", "Optional[refs/heads/release/1.2]");
    }
}
