package org.portolan.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.portolan.model.Failure;
import org.portolan.model.InvalidInput;
import org.portolan.model.Problem;
import org.portolan.model.service.SourceId;
import org.portolan.source.GitAddress;
import org.portolan.source.GitLogin;
import org.portolan.source.GitLogins;

class ConfigSourcesTest {
    @TempDir
    Path home;

    private Configuration read(String file) throws IOException {
        Files.writeString(home.resolve("portolan.yaml"), file);
        return Configurations.read(Map.of(), home);
    }

    private SourceEnvironment environment(String file, String location, String path) throws IOException {
        return SourceEnvironment.of(read(file).sources(), new SourceId(location, path));
    }

    @ParameterizedTest
    @CsvSource({
        "ssh://git@Host.example:22/shop.git/, ssh://git@host.example/shop",
        "git@host.example:shop.git, ssh://git@host.example/shop",
        "https://me:hunter2@host.example/shop.git, https://host.example/shop",
        "/srv/shop.git, /srv/shop",
        "file:///srv/shop.git, /srv/shop"
    })
    void everySpellingOfAnAddressIsTheSameSource(String written, String location) throws IOException {
        String file = "sources: {shop: {url: \"" + written + "\", env: {TAG: 1.10}}}\n";
        assertThat(environment(file, location, "Servicefile").plain()).isEqualTo(Map.of("TAG", "1.10"));
        assertThat(environment(file, location + "2", "Servicefile").plain()).isEmpty();
    }

    @Test
    void relativePathsStartAtTheFile() throws IOException {
        String file = "sources: {shop: {url: shop.git, env: {A: b}}}\n";
        assertThat(environment(file, home.toRealPath().resolve("shop").toString(), "x")
                        .plain())
                .isEqualTo(Map.of("A", "b"));
    }

    @Test
    void aSourceThatNamesTheServicefileWinsOverTheWholeRepository() throws IOException {
        String file = """
                sources:
                  staging: {url: /srv/shop, path: ./staging/, env: {TAG: next, MORE: x}}
                  shop: {url: /srv/shop.git, env: {TAG: stable, COMMON: y}}
                  root: {url: /srv/shop.git, path: ., env: {ROOT: z}}
                """;
        assertThat(environment(file, "/srv/shop", "staging/Servicefile").plain())
                .isEqualTo(Map.of("TAG", "next", "MORE", "x", "COMMON", "y"));
        assertThat(environment(file, "/srv/shop", "Servicefile").plain())
                .isEqualTo(Map.of("TAG", "stable", "COMMON", "y", "ROOT", "z"));
    }

    @Test
    void filesOfVariablesAreSecretAndReadOnlyForTheirSource() throws IOException {
        Files.writeString(home.resolve("shop.env"), "TAG=from-file\nTOKEN='hunter2'\n");
        String file = "sources: {shop: {url: /srv/shop, env_files: [shop.env], env: {TAG: own}},"
                + " other: {url: /srv/other, env_files: gone.env}}\n";
        SourceEnvironment environment = environment(file, "/srv/shop", "Servicefile");
        assertThat(environment.plain()).isEqualTo(Map.of("TAG", "own"));
        assertThat(environment.secret()).isEqualTo(Map.of("TOKEN", "hunter2"));
        assertThat(environment.toString() + read(file)).doesNotContain("hunter2", "own");
        assertThatThrownBy(() -> environment(file, "/srv/other", "Servicefile"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("portolan.yaml:1:")
                .hasMessageContaining(
                        "the source other cannot read its env file " + home + "/gone.env: it does not exist");
    }

    @Test
    void aSourceIsFollowedWhereTheFileSaysSo() throws IOException {
        Files.writeString(home.resolve("portolan.yaml"), """
                sources:
                  hook: {url: /srv/hook.git, env: {A: b}}
                  site: {url: "https://me:hunter2@git.test/site.git", ref: main, poll: 5s, sync: report}
                  here: {url: here.git, poll: 2m}
                """);
        List<SourceSettings> sources = Configurations.read(Map.of(), home).sources();
        assertThat(sources.get(0).watch()).isEmpty();
        SourceSettings.Watch site = sources.get(1).watch().orElseThrow();
        assertThat(site.url().text()).as("as it is fetched from").isEqualTo("https://me:hunter2@git.test/site.git");
        assertThat(site.ref()).contains("main");
        assertThat(site.poll()).isEqualTo(Duration.ofSeconds(5));
        assertThat(site.report()).isTrue();
        assertThat(sources.toString()).doesNotContain("hunter2");
        SourceSettings.Watch here = sources.get(2).watch().orElseThrow();
        assertThat(here.url().text())
                .isEqualTo(home.toRealPath().resolve("here.git").toString());
        assertThat(here.ref()).isEmpty();
        assertThat(here.poll()).isEqualTo(Duration.ofMinutes(2));
        assertThat(here.report()).isFalse();
    }

    @Test
    void theWholeSectionCanBeAVariable() throws IOException {
        Files.writeString(home.resolve("portolan.yaml"), "sources: {shop: {url: /srv/shop, env: {A: file}}}\n");
        Configuration configuration =
                Configurations.read(Map.of("PORTOLAN_SOURCES", "{mine: {url: /srv/shop, env: {B: variable}}}"), home);
        assertThat(SourceEnvironment.of(configuration.sources(), new SourceId("/srv/shop", ""))
                        .plain())
                .isEqualTo(Map.of("B", "variable"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shop: {url: /a, evn: {A: b}}|unknown key 'sources.shop.evn.A'|did you mean 'env'?",
                "shop: {url: /a, poll: often}|sources.shop.poll should be a duration of 1s or more, not 'often'|poll: 60s",
                "shop: {url: /a, poll: 10ms}|sources.shop.poll should be a duration of 1s or more, not '10ms'|poll: 60s",
                "shop: {url: /a, sync: yes}|sources.shop.sync should be auto or report, not 'yes'|report only shows",
                "shop: {env: {A: b}}|the source 'shop' has no url|url: ssh",
                "shop: /srv/shop|'sources.shop' should be a map|for example",
                "a.b: {url: /a}|unknown key 'sources.a.b.url'|its name cannot contain dots",
                "shop: {url: /a, env: {A-B: b}}|'sources.shop.env.A-B' is not a valid variable name|letters",
                "shop: {url: [/a, /b]}|sources.shop.url should be a single value, not a list|",
                "shop: {url: 'x://me:hunter2@h/p'}|sources.shop.url: the scheme x:// is not supported|use https",
                "{a: {url: /a}, b: {url: /a.git}}|the source 'b' is the same as 'a' at|give each the path"
            })
    void sayWhatIsWrongAndWhere(String written, String message, String hint) {
        assertThatThrownBy(() -> read("sources:\n  " + written + "\n"))
                .isInstanceOfSatisfying(InvalidInput.class, invalid -> {
                    assertThat(invalid.problems()).hasSize(1);
                    Problem problem = invalid.problems().getFirst();
                    assertThat(problem.at().toString()).contains("portolan.yaml:2:");
                    assertThat(problem.message()).startsWith(message).doesNotContain("hunter2");
                    assertThat(problem.hint().orElse("")).contains(hint == null ? "" : hint);
                });
    }

    @Test
    void aSourceThatReceivesPushesIsARepositoryOfTheStateDirectoryWithARuleForEachBranch() throws IOException {
        String file = """
                sources:
                  shop: {url: push, env: {TAG: "1"}, branches: {main: production, release-1.2: staging}}
                  blog: {url: ./push, ref: main}
                """;
        Configuration read = read(file);
        SourceSettings.Watch watch = read.sources().getFirst().watch().orElseThrow();
        Path repository = home.toRealPath().resolve("repositories/shop.git");
        assertThat(watch.pushed()).isTrue();
        assertThat(watch.url().text()).isEqualTo(repository.toString());
        assertThat(watch.branches())
                .isEqualTo(Map.of(
                        "main", new SourceSettings.Branch("production"),
                        "release-1.2", new SourceSettings.Branch("staging")));
        String location = home.toRealPath().resolve("repositories/shop").toString();
        assertThat(environment(file, location, "Servicefile").plain()).isEqualTo(Map.of("TAG", "1"));
        SourceSettings.Watch other = read.sources().getLast().watch().orElseThrow();
        assertThat(other.pushed()).isFalse();
        assertThat(other.url().text()).isEqualTo(home.resolve("push").toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: {url: /srv/a, branches: main} | 'sources.a.branches' should be a map of branches",
                "a: {url: /srv/a, branches: {main: x, next: x}} | the deployment x is already deployed from the branch main",
                "a: {url: /srv/a, ref: main, branches: {main: x}} | has both ref and branches",
                "a: {url: /srv/a, branches: {main: {env: {A: b}}}} | the branch main has no deployment",
                "a: {url: /srv/a, branches: {'x/*/*': 'y-*'}} | the branch 'x/*/*' should have one *",
                "a: {url: /srv/a, branches: {'x/*': y}} | each branch that is like x/* needs a separate deployment",
                "a: {url: /srv/a, branches: {main: 'y-*'}} | the deployment of the branch main should have no *",
                "a: {url: /srv/a, path: 'hosts/*', branches: {main: y}} | has both branches and a pattern as path",
                "a: {url: push, path: 'hosts/*', branches: {main: y}} | has both branches and a pattern as path",
                "a: {url: push, ref: '*/*'} | sources.a.ref should have one *",
                "a: {url: /srv/a, ref: '*/*'} | sources.a.ref should have one *",
                "a: {url: /srv/a, path: '../*'} | is not a valid pattern",
                "a: {url: /srv/a, parameters: x} | should be a map of parameters to values",
                "a: {url: 'https://h/a', credentials: {password: hunter2}} | sources.a.credentials.password should say where the secret is",
                "a: {url: 'https://h/a', credentials: {username: x}} | credentials needs a password",
                "a: {url: 'https://h/a', credentials: {key: k}} | are for ssh:// addresses",
                "a: {url: 'https://u:p@h/a', credentials: {password: 'env:P'}} | the password is in url and in credentials",
                "a: {url: 'http://h/a', credentials: {password: 'env:P'}} | credentials are not sent in the clear",
                "a: {url: /srv/a, credentials: {password: 'env:P'}} | credentials are for https:// and ssh://",
                "a: {url: 'https://h/a', credentials: {pasword: 'env:P'}} | unknown key 'sources.a.credentials.pasword'",
                "a: {url: 'https://h/a', path: x, credentials: {password: 'env:P'}}, b: {url: 'https://h/a', path: y, credentials: {password: 'env:Q'}} | has other credentials for the same repository than 'a'",
                "a b: {url: push} | 'a b' is not a valid name of a source that receives pushes"
            })
    void wrongRulesOfBranchesAreFaults(String source, String fault) {
        assertThatThrownBy(() -> read("sources: {" + source + "}\n"))
                .isInstanceOfSatisfying(InvalidInput.class, invalid -> assertThat(invalid.problems())
                        .anyMatch(problem -> problem.message().contains(fault))
                        .noneMatch(problem -> problem.toString().contains("hunter2")));
    }

    @Test
    void aBranchMayHaveItsOwnParametersAndVariables() throws IOException {
        SourceSettings shop = read("""
                        sources:
                          shop:
                            url: /srv/shop
                            parameters: {size: large}
                            branches:
                              main: production
                              release-1.2: {deployment: staging, env: {TAG: next}, parameters: {size: small}}
                              "feature/*": "try-*"
                        """).sources().getFirst();
        assertThat(shop.parameters()).isEqualTo(Map.of("size", "large"));
        SourceSettings.Watch watch = shop.watch().orElseThrow();
        assertThat(watch.branches()).containsOnlyKeys("main", "release-1.2", "feature/*");
        assertThat(watch.branches().get("release-1.2")).satisfies(branch -> {
            assertThat(branch.deployment()).isEqualTo("staging");
            assertThat(branch.env()).isEqualTo(Map.of("TAG", new Configuration.Secret("next")));
            assertThat(branch.parameters()).isEqualTo(Map.of("size", "small"));
        });
        assertThat(shop.hasPatterns()).isTrue();
        assertThat(shop.followed())
                .as("what is like a pattern is looked at with the source")
                .containsOnlyKeys("shop", "shop@main", "shop@release-1.2");
    }

    @Test
    void aPatternSpeaksOfItsFilesOnly() throws IOException {
        String file = "sources: {fleet: {url: /srv/fleet, path: 'hosts/*', env: {A: b}}}\n";
        assertThat(environment(file, "/srv/fleet", "hosts/one/Servicefile").plain())
                .isEqualTo(Map.of("A", "b"));
        assertThat(environment(file, "/srv/fleet", "hosts/one/two/Servicefile").plain())
                .isEmpty();
        assertThat(environment(file, "/srv/fleet", "Servicefile").plain()).isEmpty();
    }

    @Test
    void credentialsAreReadWhenTheyAreUsedAndOnlyForTheirRepository() throws IOException {
        Files.writeString(home.resolve("token"), "one\n");
        List<SourceSettings> sources = read("""
                        sources:
                          shop:
                            url: https://git.test/shop.git
                            credentials: {username: robot, password: "file:token"}
                          key: {url: "git@git.test:key.git", credentials: {key: keys/deploy, known_hosts: keys/known}}
                        """).sources();
        GitLogins logins = SourceCredentials.of(() -> sources, Map.of());
        GitAddress shop = GitAddress.parse("https://git.test:443/shop", home);
        assertThat(logins.of(shop).flatMap(GitLogin::password)).contains("one");
        assertThat(logins.of(shop).flatMap(GitLogin::user)).contains("robot");
        assertThat(logins.of(shop).toString() + sources)
                .doesNotContain("one\n")
                .doesNotContain("password=Optional[one]");
        Files.writeString(home.resolve("token"), "two\n");
        assertThat(logins.of(shop).flatMap(GitLogin::password)).contains("two");
        assertThat(logins.of(GitAddress.parse("https://other.test/shop", home))).isEmpty();
        assertThat(logins.of(GitAddress.parse("git@git.test:key", home)).orElseThrow())
                .isEqualTo(new GitLogin(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(home.resolve("keys/deploy")),
                        Optional.of(home.resolve("keys/known"))));
        Files.delete(home.resolve("token"));
        assertThatThrownBy(() -> logins.of(shop)).hasMessageContaining("token");
    }
}
