package org.portolan.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The edge's rule for Host headers, as it stands in the template, against one that is written out here. */
class HostRuleTest {
    private static final Pattern RULE = rule();
    private static final String LETTERS = "aZ0-_..::,[]@|/%* \\;\"'#\u00e9x";

    private static Pattern rule() {
        String template = Templates.shipped().text("nginx.conf.mustache");
        Matcher line =
                Pattern.compile("if \\(\\$portolan_names ~\\* \"(.*)\"\\) \\{").matcher(template);
        assertThat(line.find()).as("the template has the rule").isTrue();
        return Pattern.compile(line.group(1), Pattern.CASE_INSENSITIVE);
    }

    /** As nginx takes {@code $host} from a Host header that it accepts. */
    private static String host(String header) {
        int end = header.startsWith("[") ? header.indexOf(']') + 1 : header.indexOf(':');
        String host = end <= 0 ? header : header.substring(0, end);
        return (host.endsWith(".") ? host.substring(0, host.length() - 1) : host).toLowerCase(Locale.ROOT);
    }

    private static boolean passes(String host, String header) {
        return RULE.matcher(host + "|" + header).find();
    }

    /** The rule once more, letter by letter. */
    private static boolean wellFormed(String header) {
        String host = header;
        int colon =
                header.startsWith("[") ? header.indexOf(':', Math.max(0, header.indexOf(']'))) : header.indexOf(':');
        if (colon >= 0) {
            for (char c : header.substring(colon + 1).toCharArray()) {
                if (c < '0' || c > '9') {
                    return false;
                }
            }
            host = header.substring(0, colon);
        }
        if (host.startsWith("[")) {
            return host.matches("(?i)\\[[0-9a-f:.]+]");
        }
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        for (String label : name.split("\\.", -1)) {
            if (label.isEmpty()) {
                return false;
            }
            for (char c : label.toCharArray()) {
                boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
                if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_') {
                    return false;
                }
            }
        }
        return true;
    }

    @Test
    void onlyNamesAndAddressesPassAndAllOfThese() {
        Random random = new Random(1);
        int passed = 0;
        for (int i = 0; i < 200_000; i++) {
            StringBuilder header = new StringBuilder();
            for (int left = random.nextInt(1, 9); left > 0; left--) {
                header.append(LETTERS.charAt(random.nextInt(random.nextBoolean() ? 6 : LETTERS.length())));
            }
            String text = header.toString();
            boolean passes = passes(host(text), text);
            assertThat(passes).as(text).isEqualTo(wellFormed(text));
            passed += passes ? 1 : 0;
        }
        assertThat(passed).isBetween(10_000, 190_000);
    }

    @ParameterizedTest
    @CsvSource({
        "a.org, a.org, true",
        "a.org, A.org, true",
        "a.org, a.org.:80, true",
        "a, a:, true",
        "[::1], [::1]:8080, true",
        "[::1], [::1], true",
        "127.0.0.1, 127.0.0.1:1, true",
        "a.org, b.org, false",
        "a.org, a.org.b.org, false",
        "a.org, xa.org, false",
        "'x,a.org', 'x,a.org', false",
        "[::1], [::1]., false",
        "a.org, a.org..:80, false",
        "a.org, a.org:80:80, false",
        "a.org, a.org:b, false",
        "'', '', false",
        "_, '', false",
    })
    void theHeaderIsTheAuthorityAndNothingElse(String host, String header, boolean passes) {
        assertThat(passes(host, header)).isEqualTo(passes);
    }
}
