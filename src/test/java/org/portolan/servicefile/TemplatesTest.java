package org.portolan.servicefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Domain;
import org.portolan.model.service.ServiceSpec;
import org.portolan.servicefile.decode.ServiceDecoder;
import org.portolan.servicefile.expand.Macros;

/** Parameters, macros, escapes, includes and rollouts. */
class TemplatesTest {
    private static Definition web(String file, Map<String, String> parameters, Map<String, String> macros) {
        Loaded loaded = Servicefiles.load(MemoryTree.of(file), "Servicefile", LoadedFile.options(parameters, macros));
        return LoadedFile.at(loaded.deployments().get(0).services(), "web").definition();
    }

    private static String env(Definition web, String name) {
        return Definition.text(LoadedFile.at(ServiceDecoder.tree(web.get("env")), name));
    }

    @Test
    void parametersStandInValuesKeysAndItems() {
        Definition web = web("""
                Parameters: {n: {default: "3"}, w: {default: LOG}}
                web: {port: "80{{n}}", env: {"{{ w }}_LEVEL": x}, cmd: [run, "--{{w}}"]}
                """, Map.of(), Map.of());
        assertThat(web.get("ports")).isEqualTo(Map.of("", 803L));
        assertThat(env(web, "LOG_LEVEL")).isEqualTo("x");
        assertThat(web.get("cmd")).isEqualTo(List.of("run", "--LOG"));
    }

    @Test
    void valuesCannotInjectStructure() {
        for (String evil : List.of(
                "x\"}\nprivileged: true",
                "a, B: c",
                "{secret: x}",
                "*alias",
                "!!tag x",
                "- a",
                "{{w}}",
                "%%HOME%%",
                "~",
                "null",
                "a: b",
                "#")) {
            Definition web = web(
                    "Parameters: {p: , w: {default: deep}}\nweb: {env: {A: \"{{p}}\", B: \"{{w}}\"}}\n",
                    Map.of("p", evil),
                    Map.of("HOME", "/root"));
            assertThat(env(web, "A")).isEqualTo(evil);
            assertThat(web.keys().keySet()).containsExactly("env", "image");
        }
    }

    @Test
    void backslashesKeepThingsLiteral() {
        Definition web = web(
                "web: {env: {A: '\\{{name}} \\%%X%% \\{HOST} {\"json\": {\"a\": 1}} 100%% %%', B: '%%X%%'}}\n",
                Map.of(), Map.of("X", "macro"));
        assertThat(env(web, "A")).isEqualTo("{{name}} %%X%% \\{HOST} {\"json\": {\"a\": 1}} 100%% %%");
        assertThat(env(web, "B")).isEqualTo("macro");
    }

    @Test
    void whatIsFilledInStaysSecretWhateverTheVariableIsCalled() {
        Macros macros = Macros.of(
                Map.of("DB_PASSWORD", "hunter2", "TAG", "1.5"), Map.of("FROM_FILE", "hunter3"), name -> "give " + name);
        String file = """
                Parameters: {inner: {default: "%%FROM_FILE%%"}, api_key: {default: hunter4}}
                web:
                  env: {A: "a %%DB_PASSWORD%%", B: "%%TAG%%", C: "%%FROM_FILE%%", D: "{{inner}}", E: "{{api_key}}"}
                other:
                  image: web
                  env: ["F=%%DB_PASSWORD%%", "G=%%TAG%%"]
                """;
        LoadOptions options = new LoadOptions(
                java.util.Optional.empty(),
                Map.of(),
                macros,
                LoadedFile.options().origin(),
                LoadedFile.SECRET_NAMES,
                false);
        Loaded loaded = Servicefiles.load(MemoryTree.of(file), "Servicefile", options);
        Map<String, Object> secret = new java.util.TreeMap<>();
        loaded.deployments().getFirst().services().values().forEach(service -> ServiceDecoder.tree(
                        service.definition().get("env"))
                .forEach((name, value) -> secret.put(name, Definition.isSecret(value))));
        assertThat(secret)
                .isEqualTo(Map.of("A", true, "B", false, "C", true, "D", true, "E", true, "F", true, "G", false));
    }

    @Test
    void aSecretThatIsFilledIntoACommandOrALabelIsNotShownEither() {
        String file = """
                Name: shop
                web:
                  image: web:1
                  cmd: serve --password %%DB_PASSWORD%%
                  entrypoint: [run, "%%DB_PASSWORD%%"]
                  labels: {plain: a, filled: "%%DB_PASSWORD%%"}
                  health: {exec: "check https://me:hunter2@localhost/"}
                  volumes: {nas: {target: /nas, driver: local, options: {o: "%%DB_PASSWORD%%", password: hunter2}}}
                """;
        Definition web = web(file, Map.of(), Map.of("DB_PASSWORD", "hunter2"));
        ServiceSpec spec = ServiceSpec.from("web", web);

        assertThat(web.masked().toString()).doesNotContain("hunter2").contains("plain=a", "/bin/sh");
        assertThat(spec.command()).containsExactly("/bin/sh", "-c", "serve --password hunter2");
        assertThat(spec.entrypoint()).contains(List.of("run", "hunter2"));
        assertThat(spec.options().labels()).containsEntry("filled", "hunter2").containsEntry("plain", "a");
        assertThat(spec.volumes().getFirst().options()).containsEntry("password", "hunter2");
    }

    @Test
    void aMissingMacroSaysHowItIsGivenAndASecretParameterIsNotShown() {
        Macros macros = Macros.of(Map.of(), Map.of("FROM_FILE", "hunter3"), name -> "write " + name + " down");
        LoadOptions options = new LoadOptions(
                java.util.Optional.empty(),
                Map.of(),
                macros,
                LoadedFile.options().origin(),
                LoadedFile.SECRET_NAMES,
                false);
        MemoryTree tree = MemoryTree.of("""
                Parameters: {inner: {default: "%%FROM_FILE%%", pattern: "[0-9]+"}}
                web: {image: "a:{{inner}}", env: {A: "%%TAG%%"}}
                """);
        assertThat(LoadedFile.faults(tree, options))
                .hasSize(2)
                .noneMatch(fault -> fault.contains("hunter3"))
                .anyMatch(fault -> fault.contains("Servicefile:2:38") && fault.contains("write TAG down, or write"));
    }

    @Test
    void valuesAreTakenRaw() {
        MemoryTree tree = MemoryTree.of("Deployments: {shop: {template: t, with: {tag: 1.10, on: no}}}\n")
                .with("t", "Parameters: {tag: , on: }\nweb: {image: \"a:{{tag}}\", env: {ON: \"{{on}}\"}}\n");
        Definition web = LoadedFile.at(LoadedFile.one(tree).services(), "web").definition();
        assertThat(web.get("image")).isEqualTo("a:1.10");
        assertThat(env(web, "ON")).isEqualTo("no");
    }

    @Test
    void byHandWinsOverTheFile() {
        MemoryTree tree = MemoryTree.of("Deployments: {shop: {template: t, with: {tag: a}}}\n")
                .with("t", "Parameters: {tag: }\nweb: {image: \"x:{{tag}}\"}\n");
        Loaded loaded = Servicefiles.load(tree, "Servicefile", LoadedFile.options(Map.of("tag", "b"), Map.of()));
        assertThat(LoadedFile.at(loaded.deployments().get(0).services(), "web")
                        .definition()
                        .get("image"))
                .isEqualTo("x:b");
        assertThat(LoadedFile.faults(tree, LoadedFile.options(Map.of("tga", "b"), Map.of())))
                .singleElement()
                .asString()
                .contains("unknown parameter \"tga\"");
    }

    @Test
    void aWrongValueByHandIsToldWhereItsParameterIsDeclared() {
        String file = "Name: shop\nweb: {image: \"web:{{tag}}\"}\nParameters: {tag: {one_of: [one, two]}}\n";

        assertThat(LoadedFile.faults(MemoryTree.of(file), LoadedFile.options(Map.of("tag", "three"), Map.of())))
                .singleElement()
                .asString()
                .contains("Servicefile:3:14", "\"three\" is not allowed for the parameter \"tag\"");
    }

    @Test
    void onlyTheDeploymentThatWasAskedForIsReturned() {
        MemoryTree tree = MemoryTree.of("""
                        Deployments:
                          a: {template: t}
                          b: {template: broken}
                        Domains:
                          a.org: {http: a:web}
                          b.org: {http: b:web}
                        """).with("t", "web: {port: 80}\n");
        Loaded loaded = Servicefiles.load(tree, "Servicefile", LoadedFile.options("a"));
        assertThat(loaded.deployments()).extracting(Desired::name).containsExactly("a");
        assertThat(loaded.deployments().get(0).domains())
                .extracting(Domain::host)
                .containsExactly("a.org");
        assertThat(LoadedFile.faults(tree, LoadedFile.options("aa")))
                .singleElement()
                .asString()
                .contains("no deployment \"aa\"", "did you mean a?");
    }

    @Test
    void aFileWithServicesNeedsAName() {
        LoadOptions required = new LoadOptions(
                java.util.Optional.empty(),
                Map.of(),
                Macros.of(Map.of()),
                LoadedFile.options().origin(),
                List.of(),
                true);
        assertThat(LoadedFile.faults(MemoryTree.of("web:\n"), required))
                .singleElement()
                .asString()
                .contains("-D NAME");
        assertThat(Servicefiles.load(MemoryTree.of("Name: site\nweb:\n"), "Servicefile", required)
                        .deployments())
                .extracting(Desired::name)
                .containsExactly("site");
        assertThat(Servicefiles.load(MemoryTree.of("Name: site\nweb:\n"), "Servicefile", LoadedFile.options("other"))
                        .deployments())
                .extracting(Desired::name)
                .containsExactly("other");
    }

    @Test
    void environmentsAreLaidOverEachOther() {
        MemoryTree tree = MemoryTree.of("Deployments: {s: {template: d/t, env: {A: rollout, web: {E: each}}}}\n")
                .with(
                        "d/t",
                        "Env: {A: file, B: file, C: file, F: file, web: {B: web}}\nweb: {env: {C: own, T: own}, env_files: [../e.env, f.env]}\nredis:\n")
                .with("e.env", "# comment\nexport F='from file'\nG=first\nT=file\n")
                .with("d/f.env", "G=\"second\\n\"\n");
        Desired desired = LoadedFile.one(tree);
        ServiceSpec web =
                ServiceSpec.from("web", LoadedFile.at(desired.services(), "web").definition());
        assertThat(web.inheritedEnv().keySet()).containsExactly("A", "B", "E");
        assertThat(LoadedFile.at(web.inheritedEnv(), "A").text()).isEqualTo("rollout");
        assertThat(LoadedFile.at(web.inheritedEnv(), "B").text()).isEqualTo("web");
        assertThat(LoadedFile.at(web.env(), "C").text()).isEqualTo("own");
        assertThat(LoadedFile.at(web.env(), "T").text()).isEqualTo("own");
        assertThat(LoadedFile.at(web.env(), "F")).isEqualTo(new ServiceSpec.EnvValue("from file", true));
        assertThat(LoadedFile.at(web.env(), "G")).isEqualTo(new ServiceSpec.EnvValue("second\n", true));
        ServiceSpec redis = ServiceSpec.from(
                "redis", LoadedFile.at(desired.services(), "redis").definition());
        assertThat(redis.inheritedEnv().keySet()).containsExactly("A", "B", "C", "F");
    }

    @Test
    void secretsAreMarked() {
        ServiceSpec spec = LoadedFile.spec(
                "web: {env: {DB_PASSWORD: a, PLAIN: {secret: b}, URL: \"redis://u:p@h\", OK: \"http://h:80/\"}}");
        assertThat(spec.env().entrySet().stream()
                        .filter(entry -> entry.getValue().secret())
                        .map(Map.Entry::getKey))
                .containsExactly("DB_PASSWORD", "PLAIN", "URL");
    }

    @Test
    void includesAreMergedAndTheIncluderWins() {
        MemoryTree tree = MemoryTree.of("Includes: [lib/a, lib/b]\nEnv: {A: own}\nweb: {image: own}\n")
                .with("lib/a", "Env: {A: a, B: a}\nweb: {image: a, user: u}\nredis: {image: a}\n")
                .with("lib/b", "Env: {B: b}\nredis: {image: b, env_files: near.env}\n")
                .with("lib/near.env", "X=y\n");
        Desired desired = LoadedFile.one(tree);
        assertThat(LoadedFile.at(desired.services(), "web").definition().keys())
                .isEqualTo(Map.of("image", "own", "inherited_env", Map.of("A", "own", "B", "b")));
        assertThat(LoadedFile.at(desired.services(), "redis").definition().get("image"))
                .isEqualTo("b");
        assertThat(LoadedFile.at(desired.services(), "redis").definition().get("env"))
                .isEqualTo(Map.of("X", Map.of("secret", "y")));
    }

    @Test
    void templatesBringTheirOwnDomains() {
        MemoryTree tree = MemoryTree.of(
                        "Deployments: {a: {template: t, with: {h: a.org}}, b: {template: t, with: {h: b.org}}}\n")
                .with("t", "Parameters: {h: }\nweb: {port: 80}\nDomains: {\"{{h}}\": {http: web}}\n");
        List<Desired> deployments =
                Servicefiles.load(tree, "Servicefile", LoadedFile.options()).deployments();
        assertThat(deployments.get(0).domains()).extracting(Domain::host).containsExactly("a.org");
        assertThat(LoadedFile.at(deployments.get(1).domains().get(0).routes(), "/")
                        .targets())
                .containsExactly(new Domain.Target("b", "web", "", 100));
    }

    @Test
    void routesGoWithTheirDeployment() {
        MemoryTree tree = MemoryTree.of("""
                        Deployments: {a: {template: t}, b: {template: t}}
                        Domains:
                          x.org:
                            http: {"b:web": 100, "a:web": 10}
                            paths: {/a: a:web, /far: elsewhere:web}
                          y.org: {maintenance: true}
                        """).with("t", "web: {port: 80}\n");
        Loaded loaded = Servicefiles.load(tree, "Servicefile", LoadedFile.options());
        Desired a = loaded.deployments().get(0);
        Desired b = loaded.deployments().get(1);
        assertThat(a.domains().get(0).routes().keySet()).containsExactly("/far", "/a");
        assertThat(b.domains().get(0).routes().keySet()).containsExactly("/");
        assertThat(LoadedFile.at(b.domains().get(0).routes(), "/").targets())
                .extracting(Domain.Target::weight)
                .containsExactly(100, 10);
        assertThat(a.domains().get(1).host()).isEqualTo("y.org");
        assertThat(loaded.warnings()).singleElement().satisfies(warning -> assertThat(warning.message())
                .contains("\"elsewhere\" is not in this file"));
    }

    @Test
    void slipsOfFilledInNamesAreWarnedOf() {
        Loaded loaded = Servicefiles.load(
                MemoryTree.of(
                        "redis: {port: 1}\nweb: {env: {A: \"{REDIS_HSOT}:{REDIS_PORT} {prot} {\\\"a\\\": {b}}\"}}\n"),
                "Servicefile",
                LoadedFile.options());
        assertThat(loaded.warnings())
                .extracting(problem -> problem.message())
                .containsExactly(
                        "{REDIS_HSOT} is not a placeholder and stays as written",
                        "{prot} is not a placeholder and stays as written");
    }

    @Test
    void freeKeysAreKept() {
        Desired desired = LoadedFile.one("x-a: {b: 1}\nmeta: {owner: me}\nweb: {x-c: [d], meta: {e: f}}\n");
        assertThat(desired.notes()).isEqualTo(Map.of("x-a", Map.of("b", "1"), "meta", Map.of("owner", "me")));
        assertThat(LoadedFile.at(desired.services(), "web").notes())
                .isEqualTo(Map.of("x-c", List.of("d"), "meta", Map.of("e", "f")));
        assertThat(LoadedFile.at(desired.services(), "web").definition().keys().keySet())
                .containsExactly("image");
    }
}
