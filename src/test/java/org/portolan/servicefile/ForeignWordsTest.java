package org.portolan.servicefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.model.Problem;
import org.portolan.servicefile.format.ComposeKeys;
import org.portolan.servicefile.format.Key;
import org.portolan.servicefile.format.ServiceKeys;

/** What people write who come from Compose, docker and the shell: each gets the key of a Servicefile. */
class ForeignWordsTest {
    /** The keys of a service in the Compose specification. */
    static List<String> composeKeys() {
        return List.of(("annotations attach build blkio_config cpu_count cpu_percent cpu_shares cpu_period cpu_quota"
                        + " cpu_rt_runtime cpu_rt_period cpus cpuset cap_add cap_drop cgroup cgroup_parent command configs"
                        + " container_name credential_spec depends_on deploy develop device_cgroup_rules devices dns"
                        + " dns_opt dns_search domainname entrypoint env_file environment expose extends external_links"
                        + " extra_hosts gpus group_add healthcheck hostname image init ipc isolation label_file labels links"
                        + " logging mac_address mem_limit mem_reservation mem_swappiness memswap_limit models network_mode"
                        + " networks oom_kill_disable oom_score_adj pid pids_limit platform ports post_start pre_stop"
                        + " privileged profiles provider pull_policy read_only restart runtime scale secrets security_opt"
                        + " shm_size stdin_open stop_grace_period stop_signal storage_opt sysctls tmpfs tty ulimits"
                        + " use_api_socket user userns_mode uts volumes volumes_from working_dir")
                .split(" "));
    }

    @ParameterizedTest
    @MethodSource("composeKeys")
    void everyKeyOfComposeIsKnownOrHasAHint(String key) {
        boolean same = Key.find(ServiceKeys.ALL, key) != null;
        assertThat(ComposeKeys.SAME.contains(key)).isEqualTo(same);
        assertThat(ComposeKeys.advice("a service", key).isPresent()).isEqualTo(!same);
        if (!same) {
            assertThat(LoadedFile.faults("web: {image: a, " + key + ": x}\n"))
                    .singleElement()
                    .asString()
                    .contains("unknown key \"" + key + "\" in a service")
                    .containsAnyOf("in a Servicefile: ", "no equivalent", "not needed");
        }
    }

    @Test
    void whatAHintProposesIsAServicefile() {
        for (String instead : List.of(
                "network: host",
                "network: {aliases: [cache]}",
                "resources: {memory: 512m}",
                "health: {tcp: true}",
                "stop: {grace: 30s}",
                "stop: {signal: SIGINT}",
                "docker: {Tty: true}",
                "require: [db]",
                "ports: {http: 8000}",
                "pull: always",
                "env: {NAME: value}",
                "docker: {HostConfig: {PortBindings: {\"53/udp\": [{HostPort: \"53\"}]}}}")) {
            assertThat(LoadedFile.one("web:\n  image: a\n  " + instead + "\ndb: {image: b}\n")
                            .services())
                    .containsKey("web");
        }
    }

    @Test
    void aServiceMayBeNamedServices() {
        assertThat(LoadedFile.one("services: {image: a, port: 80}\n").services())
                .containsOnlyKeys("services");
    }

    @Test
    void aVariableOfTheShellStaysAndIsWarnedOf() {
        assertThat(warnings("web: {env: {A: \"${B:-c}\", C: \"$${D}\", E: \"$F {x}\"}}\nEnv: {G: \"${H}\"}\n"))
                .containsExactlyInAnyOrder(
                        "${B} is not substituted: the value stays as written",
                        "${H} is not substituted: the value stays as written");
        assertThat(warnings("web: {cmd: \"echo ${HOME}\"}\n")).isEmpty();
    }

    @Test
    void aVariableWithoutAValueIsEmptyHoweverThatIsWritten() {
        assertThat(LoadedFile.web("web: {env: {A: , B: ~, C: null, D: \"\"}}").get("env"))
                .isEqualTo(Map.of("A", "", "B", "", "C", "", "D", ""));
        assertThat(LoadedFile.web("Env: {A: ~}\nweb: {image: a}").get("inherited_env"))
                .isEqualTo(Map.of("A", ""));
        assertThat(LoadedFile.web("web: {env: {A: \"~\", B: \"null\"}}").get("env"))
                .isEqualTo(Map.of("A", "~", "B", "null"));
    }

    @Test
    void aCommandThatIsAnOptionIsWarnedOfWithTheListToWrite() {
        Problem warning = Servicefiles.load(
                        MemoryTree.of("web: {image: a, cmd: '--port 80 --name \"a b\"'}\n"),
                        "Servicefile",
                        LoadedFile.options())
                .warnings()
                .getFirst();
        assertThat(warning.render())
                .contains("begins with an option instead of a program")
                .contains("[\"--port\", \"80\", \"--name\", \"a b\"]");
        assertThat(warnings("web: {cmd: [--port, \"80\"]}\n")).isEmpty();
        assertThat(warnings("web: {cmd: ./serve --port 80}\n")).isEmpty();
        assertThat(warnings("web: {health: {exec: -x}}\n")).hasSize(1);
    }

    @Test
    void aVariableThatLinuxDoesNotTakeIsNamed() {
        String most = "ä".repeat((128 * 1024 - 1 - 4) / 2);
        assertThat(LoadedFile.web("web: {image: a, env: {BIG: \"" + most + "\"}}")
                        .keys())
                .containsKey("env");
        assertThat(LoadedFile.faults("web: {image: a, env: {BIG: \"" + most + "aa\"}}"))
                .singleElement()
                .asString()
                .contains("the variable \"BIG\" is longer than 128 KiB");
        assertThat(LoadedFile.faults(
                        MemoryTree.of("web: {image: a, env_files: x.env}").with("x.env", "A=1\nBIG=" + most + "aa\n"),
                        LoadedFile.options()))
                .singleElement()
                .asString()
                .contains("x.env:2:1: the variable BIG is longer than 128 KiB");
    }

    @Test
    void aFilesNameIsReadByItself() {
        assertThat(Servicefiles.name(MemoryTree.of("Name: shop\nweb: {image: a"), "Servicefile"))
                .isEmpty();
        assertThat(Servicefiles.name(MemoryTree.of("Name: shop\nweb:\n"), "Servicefile"))
                .contains("shop");
        assertThat(Servicefiles.name(MemoryTree.of("Name: \"{{x}}\"\nweb:\n"), "Servicefile"))
                .isEmpty();
        assertThat(Servicefiles.name(MemoryTree.of("web:\n"), "Servicefile")).isEmpty();
        assertThat(Servicefiles.name(MemoryTree.of("web:\n"), "Other")).isEmpty();
    }

    private static List<String> warnings(String text) {
        return Servicefiles.load(MemoryTree.of(text), "Servicefile", LoadedFile.options()).warnings().stream()
                .map(Problem::message)
                .toList();
    }
}
