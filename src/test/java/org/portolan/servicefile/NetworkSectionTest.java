package org.portolan.servicefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.portolan.model.Problem;
import org.portolan.model.service.Definition;
import org.portolan.model.service.JoinedNetworks;

/** The section {@code Network}, and {@code join} of a service's network. */
class NetworkSectionTest {
    @Test
    void whoJoinsAndWhoAllows() {
        Definition web = LoadedFile.web("web: {network: {join: [postgres, cache, postgres], aliases: [site]}}\n");
        assertThat(JoinedNetworks.of(web)).containsExactly("cache", "postgres");
        assertThat(LoadedFile.spec("web: {network: {join: cache}}\n").options().joins())
                .containsExactly("cache");
        assertThat(LoadedFile.one("Network: {allow: [shop, blog]}\nweb:\n").allows())
                .containsExactly("blog", "shop");
        assertThat(LoadedFile.one("Network: {allow: shop}\nweb:\n").allows()).containsExactly("shop");
        assertThat(LoadedFile.one("Network:\nweb:\n").allows()).isEmpty();
    }

    @Test
    void aParameterNamesTheDeploymentAndATemplateAllows() {
        MemoryTree tree = MemoryTree.of("Deployments: {base: {template: t, with: {who: shop}}}\n")
                .with(
                        "t",
                        "Parameters: {who: }\nNetwork: {allow: [\"{{who}}\"]}\nweb: {network: {join: [\"{{who}}\"]}}\n");
        assertThat(LoadedFile.one(tree).allows()).containsExactly("shop");
        assertThat(JoinedNetworks.of(LoadedFile.one(tree))).containsExactly("shop");
    }

    @Test
    void withoutAJoinNothingChanges() {
        Definition plain = LoadedFile.web("Network: {allow: [shop]}\nweb: {network: {aliases: [site]}}\n");
        assertThat(plain.hash())
                .isEqualTo(Definition.of(Map.of("image", "web", "network", Map.of("aliases", List.of("site"))))
                        .hash());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "web: {network: {join: [Post_gres]}}|invalid deployment name \"Post_gres\"",
                "web: {network: {join: {a: b}}}|expected a deployment's name or a list",
                "web: {network: {mode: host, join: [base]}}|mode and join of a network cannot be used together",
                "Network: [shop]{{web:|expected a map for Network",
                "Network: {alow: [shop]}{{web:|unknown key \"alow\" in Network",
                "Network: {allow: [\"*\"]}{{web:|invalid deployment name",
                "Deployments: {shop: {template: t}}{{Network: {allow: [a]}|write it in the template"
            })
    void whatCannotBeIsRefused(String file, String says) {
        List<String> faults = LoadedFile.faults(file.replace("{{", "\n") + "\n");
        assertThat(faults).anyMatch(fault -> fault.contains(says));
    }

    @Test
    void portsThatNothingLeadsToAreWarnedOf() {
        String file = "web:\n  network: {mode: host}\n  ports: {http: 80}\n";
        assertThat(warnings(file))
                .singleElement()
                .asString()
                .contains("Servicefile:3:10", "nothing leads to the ports of web with network: {mode: host}");
        assertThat(warnings("web:\n  network: {mode: host}\n  ports: none\n")).isEmpty();
        assertThat(warnings("web:\n  ports: {http: 80}\n")).isEmpty();
    }

    private static List<String> warnings(String file) {
        return Servicefiles.load(MemoryTree.of(file), "Servicefile", LoadedFile.options()).warnings().stream()
                .map(Problem::render)
                .toList();
    }

    /** No port is assigned there, and the application would be given the name in braces. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cmd: [serve, \"--port={PORT}\"]|Servicefile:4:16: {PORT} has no value with network: {mode: host}",
                "cmd: [serve, \"{PORT_HTTP}\"]|Servicefile:4:16: {PORT_HTTP} has no value",
                "entrypoint: [\"/bin/x{PORT}\"]|Servicefile:4:16: {PORT} has no value",
                "env: {LISTEN: \":{PORT}\"}|Servicefile:4:17: {PORT} has no value"
            })
    void aPortThatNobodyAssignsIsRefused(String key, String says) {
        String file = "web:\n  network: {mode: host}\n  ports: {http: 80}\n  " + key + "\n";
        assertThat(LoadedFile.faults(file))
                .filteredOn(fault -> !fault.contains("warning:"))
                .singleElement()
                .asString()
                .startsWith(says);
        assertThat(LoadedFile.spec(file.replace("  network: {mode: host}\n", ""))
                        .ports())
                .hasSize(1);
        assertThat(LoadedFile.spec(file.replace("{PORT", "\\\\{PORT")).options().networkMode())
                .as("kept by a backslash")
                .contains("host");
    }
}
