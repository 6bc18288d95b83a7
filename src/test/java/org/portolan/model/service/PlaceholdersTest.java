package org.portolan.model.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PlaceholdersTest {
    private static final Map<String, String> KNOWN = Map.of("HOST", "10.0.0.1", "PORT", "{HOST}", "PORT_HTTP", "80");

    @Test
    void fillsKnownNamesOnly() {
        assertThat(Placeholders.fill("http://{HOST}:{PORT_HTTP}/{OTHER}", KNOWN))
                .isEqualTo("http://10.0.0.1:80/{OTHER}");
        assertThat(Placeholders.fill("nothing", KNOWN)).isEqualTo("nothing");
        assertThat(Placeholders.fill("{HOST", KNOWN)).isEqualTo("{HOST");
    }

    @Test
    void doesNotLookIntoValues() {
        assertThat(Placeholders.fill("{PORT}{HOST}", KNOWN)).isEqualTo("{HOST}10.0.0.1");
    }

    @Test
    void leavesJsonAndDoubleBracesAlone() {
        String json = "{\"a\": {\"b\": [1, {}]}, \"HOST\": \"{ HOST }\", \"c\": \"{{HOST}}\"}";
        assertThat(Placeholders.fill(json, KNOWN)).isEqualTo(json);
        assertThat(Placeholders.fill("{\"h\":{PORT_HTTP}}", KNOWN)).isEqualTo("{\"h\":80}");
    }

    @Test
    void aBackslashKeepsAKnownNameLiteral() {
        assertThat(Placeholders.fill("\\{HOST} \\{OTHER} {HOST}", KNOWN)).isEqualTo("{HOST} \\{OTHER} 10.0.0.1");
        assertThat(Placeholders.fill("\\{PORT} {PORT}", Map.of()))
                .as("in a service without a port")
                .isEqualTo("{PORT} {PORT}");
    }

    @Test
    void findsNearMisses() {
        assertThat(Placeholders.nearMisses("{HOTS} {port} {HOST} {\"x\": {y}} \\{PROT} {{HOTS}}", KNOWN.keySet()))
                .isEqualTo(Map.of("HOTS", "HOST", "port", "PORT"));
    }

    @Test
    void namesBecomeVariables() {
        assertThat(Placeholders.variable("my-db")).isEqualTo("MY_DB");
    }
}
