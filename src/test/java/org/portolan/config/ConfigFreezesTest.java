package org.portolan.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.portolan.model.FreezeWindow;
import org.portolan.model.InvalidInput;

class ConfigFreezesTest {
    @TempDir
    Path home;

    private List<FreezeWindow> read(String file) throws IOException {
        Files.writeString(home.resolve("portolan.yaml"), file);
        return Configurations.read(Map.of(), home).freezes();
    }

    @Test
    void readsWindows() throws IOException {
        List<FreezeWindow> windows = read("""
                freeze:
                  weekend:
                    from: "0 18 * * 5"
                    for: 62h
                    zone: Europe/Berlin
                    deployments: ["shop*", blog]
                    reason: nobody is there
                  nights: {from: "0 22 * * *", for: 8h}
                """);
        assertThat(windows).extracting(FreezeWindow::name).containsExactly("weekend", "nights");
        FreezeWindow weekend = windows.getFirst();
        assertThat(weekend.from().text()).isEqualTo("0 18 * * 5");
        assertThat(weekend.lasts()).isEqualTo(Duration.ofHours(62));
        assertThat(weekend.zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
        assertThat(weekend.deployments()).containsExactly("shop*", "blog");
        assertThat(weekend.reason()).isEqualTo("nobody is there");
        assertThat(windows.getLast().zone()).isEqualTo(ZoneOffset.UTC);
        assertThat(windows.getLast().isFor("anything")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{w: {from: '@daily', for: 1h}}|as cron writes it: '@daily' has five fields",
                "{w: {from: '0 0 30 2 *', for: 1h}}|never comes",
                "{w: {from: '0 0 * * *', for: 1w}}|a duration from 1m to 2208h, not '1w'",
                "{w: {from: '0 0 * * *', for: 10s}}|a duration from 1m",
                "{w: {from: '0 0 * * *', for: 2209h}}|a duration from 1m",
                "{w: {from: '0 0 * * *', for: 1h, zone: Berlin}}|unknown time zone 'Berlin'",
                "{w: {from: '0 0 * * *'}}|the freeze window 'w' needs from and for",
                "{w: {from: '0 0 * * *', for: 1h, reasons: x}}|unknown key 'freeze.w.reasons'",
                "{w: {from: ['0 0 * * *', '1 1 * * *'], for: 1h}}|should be a single value",
                "x|'freeze' should be a map"
            })
    void whatIsWrongIsSaidWithItsPlace(String freeze, String words) {
        assertThatThrownBy(() -> read("freeze: " + freeze + "\n"))
                .isInstanceOfSatisfying(InvalidInput.class, invalid -> assertThat(invalid.problems())
                        .singleElement()
                        .satisfies(problem -> {
                            assertThat(problem.message()).contains(words);
                            assertThat(problem.at().toString()).contains("portolan.yaml:1:");
                        }));
    }
}
