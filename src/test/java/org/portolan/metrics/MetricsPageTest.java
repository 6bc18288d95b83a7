package org.portolan.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.portolan.json.NotJson;
import org.portolan.json.StrictJson;
import org.yaml.snakeyaml.Yaml;

/** The page, the dashboard and the alert rules name metrics that there are, and the page names all. */
class MetricsPageTest {
    private static final Path PAGE = Path.of("docs/metrics.md");
    private static final String BEGIN =
            "<!-- the table below is written from the registry: mvn -Dtest=MetricsPageTest -Dupdate test -->\n";
    private static final String END = "<!-- end of the table -->\n";
    private static final Pattern SERIES = Pattern.compile("([a-z_]+)(?:\\{([^}]*)\\})? [-+0-9.eEINa]+(?: .*)?");
    private static final Pattern NAME = Pattern.compile("\\b(?:portolan|jvm|process)_[a-z_]+\\b");

    /** One metric as a scrape shows it. */
    private record Shown(String type, String help, Set<String> labels) {}

    private static final String SCRAPE = MetricsSite.busy().text();

    @Test
    void thePageHasEveryMetric() throws IOException {
        StringBuilder table = new StringBuilder("| metric | type | labels | meaning |\n|---|---|---|---|\n");
        metrics().forEach((name, shown) -> {
            if (name.startsWith("portolan_")) {
                table.append("| `").append(name).append("` | ").append(shown.type());
                table.append(" | ")
                        .append(shown.labels().isEmpty() ? "" : "`" + String.join("`, `", shown.labels()) + "`");
                table.append(" | ").append(shown.help()).append(" |\n");
            }
        });
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        String wanted = page.substring(0, begin) + table + page.substring(page.indexOf(END));
        if (System.getProperty("update") != null) {
            Files.writeString(PAGE, wanted);
            page = wanted;
        }
        assertThat(page)
                .as("out of date; run: mvn test -Dtest=MetricsPageTest -Dupdate")
                .isEqualTo(wanted);
    }

    /** By the conventions of Prometheus: a prefix, base units, and {@code _total} of what only grows. */
    @Test
    void namesFollowTheConventions() {
        metrics().forEach((name, shown) -> {
            assertThat(name).matches("(portolan|jvm|process)_[a-z][a-z_]*");
            assertThat(name.endsWith("_total")).as(name).isEqualTo(shown.type().equals("counter"));
            assertThat(name).doesNotContain("_ms", "_millis", "_minutes");
            if (name.startsWith("portolan_")) {
                assertThat(shown.help()).as(name).endsWith(".");
                // Names of deployments, services, addresses: anybody could make as many series as they like.
                assertThat(Set.of("call", "condition", "kind", "outcome", "part", "state", "subject", "version"))
                        .containsAll(shown.labels());
            }
        });
    }

    @Test
    void theDashboardShowsMetricsThatThereAre() throws IOException {
        Object board = new Yaml().load(Files.readString(Path.of("docs/monitoring/grafana-dashboard.json")));
        StrictJson json = read(Path.of("docs/monitoring/grafana-dashboard.json"));
        assertThat(json.text("title")).isEqualTo("Portolan");
        List<StrictJson> panels = json.at("panels").list();
        assertThat(panels).hasSizeGreaterThan(8);
        Set<Long> ids = new TreeSet<>();
        for (StrictJson panel : panels) {
            assertThat(ids.add(panel.at("id").whole())).as("each id once").isTrue();
            assertThat(panel.text("title")).isNotBlank();
            assertThat(panel.at("targets").list()).isNotEmpty();
            StrictJson at = panel.at("gridPos");
            assertThat(at.number("x") + at.number("w")).isLessThanOrEqualTo(24);
        }
        exists(expressions(board));
    }

    @Test
    void theAlertsAreAboutMetricsThatThereAre() throws IOException {
        Map<String, Object> file = new Yaml().load(Files.readString(Path.of("docs/monitoring/alerts.yaml")));
        exists(expressions(file));
        List<Map<String, Object>> groups = list(file.get("groups"));
        for (Map<String, Object> group : groups) {
            for (Map<String, Object> rule : list(group.get("rules"))) {
                assertThat(rule).containsKeys("alert", "expr", "for", "labels", "annotations");
                assertThat((Map<?, ?>) rule.get("annotations")).asString().contains("summary=", "description=");
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(@Nullable Object node) {
        List<Map<String, Object>> list = (List<Map<String, Object>>) node;
        assertThat(list).isNotEmpty();
        return list == null ? List.of() : list;
    }

    private static StrictJson read(Path file) throws IOException {
        try {
            return StrictJson.read(Files.readAllBytes(file));
        } catch (NotJson broken) {
            throw new AssertionError(file.toString(), broken);
        }
    }

    private static void exists(List<String> expressions) {
        assertThat(expressions).isNotEmpty();
        Set<String> there = new TreeSet<>();
        SCRAPE.lines().filter(line -> !line.startsWith("#")).forEach(line -> there.add(line.split("[{ ]", 2)[0]));
        for (String expression : expressions) {
            assertThat(expression.chars().filter(c -> c == '(').count())
                    .as(expression)
                    .isEqualTo(expression.chars().filter(c -> c == ')').count());
            Matcher name = NAME.matcher(expression);
            int names = 0;
            while (name.find()) {
                names++;
                assertThat(there).as(expression).contains(name.group());
            }
            assertThat(names).as(expression).isPositive();
            Matcher label = Pattern.compile("(portolan_[a-z_]+)\\{([a-z_]+)=~?\"([^\"]*)\"")
                    .matcher(expression);
            while (label.find()) {
                for (String value : label.group(3).split("\\|", -1)) {
                    String series = label.group(2) + "=\"" + value + "\"";
                    assertThat(SCRAPE.lines()
                                    .filter(line -> line.startsWith(label.group(1) + "{") && line.contains(series)))
                            .as("%s: %s", expression, series)
                            .isNotEmpty();
                }
            }
        }
    }

    /** Every {@code expr} in it. */
    private static List<String> expressions(@Nullable Object node) {
        List<String> found = new ArrayList<>();
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (key.equals("expr")) {
                    found.add(String.valueOf(value));
                } else {
                    found.addAll(expressions(value));
                }
            });
        } else if (node instanceof List<?> list) {
            list.forEach(each -> found.addAll(expressions(each)));
        }
        return found;
    }

    private static SortedMap<String, Shown> metrics() {
        Map<String, String> helps = new LinkedHashMap<>();
        Map<String, String> types = new LinkedHashMap<>();
        Map<String, Set<String>> labels = new LinkedHashMap<>();
        for (String line : SCRAPE.lines().toList()) {
            String[] words = line.split(" ", 4);
            if (line.startsWith("# HELP ")) {
                helps.put(words[2], words.length > 3 ? words[3] : "");
            } else if (line.startsWith("# TYPE ")) {
                types.put(words[2], words[3]);
            } else {
                Matcher series = SERIES.matcher(line);
                assertThat(series.matches()).as(line).isTrue();
                String name = series.group(1).replaceAll("_(bucket|sum|count)$", "");
                Set<String> known = labels.computeIfAbsent(
                        types.containsKey(series.group(1)) ? series.group(1) : name, key -> new TreeSet<>());
                Matcher label = Pattern.compile("([a-z_]+)=\"").matcher(series.group(2) == null ? "" : series.group(2));
                while (label.find()) {
                    if (!label.group(1).equals("le") && !label.group(1).equals("quantile")) {
                        known.add(label.group(1));
                    }
                }
            }
        }
        SortedMap<String, Shown> metrics = new TreeMap<>();
        types.forEach((name, type) ->
                metrics.put(name, new Shown(type, helps.getOrDefault(name, ""), labels.getOrDefault(name, Set.of()))));
        return metrics;
    }
}
