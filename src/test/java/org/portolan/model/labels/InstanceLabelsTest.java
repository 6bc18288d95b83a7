package org.portolan.model.labels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.portolan.model.labels.InstanceLabels.Published;

class InstanceLabelsTest {
    @Test
    void whatANewerPortolanWroteIsPassedOver() {
        assertThat(InstanceLabels.ports("http=21001/8000/udp,admin=21002/9000"))
                .containsOnly(Map.entry("admin", new Published(21002, 9000)));
        assertThat(InstanceLabels.ports("=21001/80")).containsOnly(Map.entry("", new Published(21001, 80)));
        assertThat(InstanceLabels.mesh("http=15001,x=tcp:15002")).containsOnly(Map.entry("http", 15001));
    }

    @Test
    void whatIsWrittenIsRead() {
        SortedMap<String, Published> ports =
                new TreeMap<>(Map.of("http", new Published(21001, 8000), "admin", new Published(21002, 9000)));

        assertThat(InstanceLabels.ports(ports)).isEqualTo("admin=21002/9000,http=21001/8000");
        assertThat(InstanceLabels.ports(InstanceLabels.ports(ports))).isEqualTo(ports);
    }

    @Test
    void everyTextHasAReading() {
        Random random = new Random(7);
        String letters = "=/,0129- ax٣";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(24); n > 0; n--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            Map<String, String> labels = Map.of(
                    Labels.DEPLOYMENT, "a", Labels.SERVICE, "b", Labels.VERSION, text.toString(), Labels.INSTANCE, "1");
            InstanceLabels.id(labels).ifPresent(id -> assertThat(id.version()).isPositive());
            InstanceLabels.ports(text.toString()).values().forEach(port -> assertThat(port.host())
                    .isBetween(1, 65_535));
            InstanceLabels.mesh(text.toString()).values().forEach(port -> assertThat(port)
                    .isBetween(1, 65_535));
        }
    }
}
