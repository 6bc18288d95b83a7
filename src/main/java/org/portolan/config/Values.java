package org.portolan.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.portolan.model.Durations;
import org.portolan.model.Position;
import org.portolan.model.Problem;

/** The values in force, read by their form; what is wrong with any is collected, so that all faults are reported at once. */
final class Values {
    private static final int LONGEST_HOST = 253;
    private static final Pattern HOST = Pattern.compile("[a-z0-9_][a-z0-9_-]*(\\.[a-z0-9_-]+)*");

    private final Map<ConfigKey, ConfigEntry> given = new EnumMap<>(ConfigKey.class);
    private final List<Problem> problems = new ArrayList<>();

    void set(ConfigKey key, ConfigEntry entry) {
        given.put(key, entry);
    }

    void problem(Problem problem) {
        problems.add(problem);
    }

    List<Problem> problems() {
        return problems;
    }

    boolean has(ConfigKey key) {
        return !text(key).isEmpty();
    }

    /** The value as text; "" for none. */
    String text(ConfigKey key) {
        ConfigEntry entry = given.get(key);
        if (entry == null) {
            return key.byDefault();
        }
        if (entry.items().size() != 1) {
            wrong(key, "a list");
            return key.byDefault();
        }
        return entry.items().get(0).strip();
    }

    String name(ConfigKey key) {
        String text = text(key);
        for (int index = 0; index < text.length(); index++) {
            char letter = text.charAt(index);
            if (!(letter < 128 && Character.isLetterOrDigit(letter)) && "-_.:".indexOf(letter) < 0) {
                return wrongText(key);
            }
        }
        return text.isEmpty() ? wrongText(key) : text;
    }

    /** A host name; "" where there is none by default. */
    String host(ConfigKey key) {
        String text = text(key);
        boolean name =
                text.length() <= LONGEST_HOST && HOST.matcher(text).matches() && !ListenAddresses.isAddress(text);
        return text.isEmpty() || name ? text : wrongText(key);
    }

    /** A port, 0 for {@code off}. */
    int portOrOff(ConfigKey key) {
        return text(key).equals("off") ? 0 : port(key);
    }

    int port(ConfigKey key) {
        return number(key, 1, 65535);
    }

    int number(ConfigKey key, int least, int most) {
        int number = digits(text(key));
        if (number < least || number > most) {
            wrong(key, quoted(key));
            return digits(key.byDefault());
        }
        return number;
    }

    boolean flag(ConfigKey key) {
        String text = text(key);
        if (!text.equals("true") && !text.equals("false")) {
            wrong(key, quoted(key));
        }
        return text.equals("true");
    }

    /** Two ports, the first not above the last. */
    int[] range(ConfigKey key) {
        String text = text(key);
        int dash = text.indexOf('-');
        int first = dash < 0 ? -1 : digits(text.substring(0, dash).strip());
        int last = dash < 0 ? -1 : digits(text.substring(dash + 1).strip());
        if (first < 1 || last > 65535 || first > last) {
            wrong(key, quoted(key));
            return new int[] {1, 65535};
        }
        return new int[] {first, last};
    }

    Duration duration(ConfigKey key) {
        Optional<Duration> duration = Durations.parse(text(key));
        if (duration.isEmpty()) {
            wrong(key, quoted(key));
        }
        return duration.orElse(Duration.ZERO);
    }

    /** Bytes. */
    long size(ConfigKey key) {
        String text = text(key).toLowerCase(java.util.Locale.ROOT);
        String unit = text.isEmpty() ? "" : text.substring(text.length() - 1);
        int shift = unit.isEmpty() ? -1 : "kmg".indexOf(unit);
        int number = digits(shift < 0 ? text : text.substring(0, text.length() - 1));
        if (number < 0) {
            wrong(key, quoted(key));
            return 0;
        }
        return (long) number << (10 * (shift + 1));
    }

    /** An IPv4 or IPv6 address in digits; "" where there is none by default. */
    String address(ConfigKey key) {
        String text = text(key);
        if (!text.isEmpty() && !ListenAddresses.isAddress(text)) {
            wrong(key, quoted(key));
        }
        return text;
    }

    /** IPv4 and IPv6 addresses, none of which takes what another one takes; none where there is none by default. */
    List<String> addresses(ConfigKey key) {
        ConfigEntry entry = given.get(key);
        List<String> addresses = new ArrayList<>();
        for (String item : entry == null ? List.of(key.byDefault()) : entry.items()) {
            for (String part : item.split(",", -1)) {
                String text = part.strip();
                boolean brackets = text.startsWith("[") && text.endsWith("]");
                String bare = brackets ? text.substring(1, text.length() - 1) : text;
                if (!bare.isEmpty()) {
                    ListenAddresses.fault(bare, addresses).ifPresent(fault -> wrong(key, fault));
                    addresses.add(bare);
                }
            }
        }
        if (addresses.isEmpty() && !key.byDefault().isEmpty()) {
            wrong(key, "nothing");
            return List.of(key.byDefault());
        }
        return List.copyOf(addresses);
    }

    /** Addresses and networks of either kind; none where there is none by default. */
    List<String> networks(ConfigKey key) {
        ConfigEntry entry = given.get(key);
        List<String> networks = new ArrayList<>();
        for (String item : entry == null ? List.of(key.byDefault()) : entry.items()) {
            for (String part : item.split(",", -1)) {
                String text = part.strip();
                if (!text.isEmpty()) {
                    if (!ListenAddresses.isAddress(text) && !ListenAddresses.isAnyNetwork(text)) {
                        wrong(key, "'" + text + "'");
                    }
                    networks.add(text);
                }
            }
        }
        return List.copyOf(networks);
    }

    String network(ConfigKey key) {
        String text = text(key);
        return ListenAddresses.isNetwork(text) ? text : wrongText(key);
    }

    Optional<Path> path(ConfigKey key, Path base) {
        String text = text(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(base.resolve(text).toAbsolutePath().normalize());
        } catch (InvalidPathException noPath) {
            wrong(key, quoted(key));
            return Optional.empty();
        }
    }

    List<String> words(ConfigKey key) {
        ConfigEntry entry = given.get(key);
        List<String> items = entry == null ? List.of(key.byDefault()) : entry.items();
        return ConfigEntry.words(items).stream()
                .map(word -> word.toLowerCase(java.util.Locale.ROOT))
                .toList();
    }

    private String wrongText(ConfigKey key) {
        wrong(key, quoted(key));
        return key.byDefault();
    }

    /** Where the value is written; the variable's name stands for a place in the environment. */
    Position at(ConfigKey key) {
        ConfigEntry entry = given.get(key);
        return entry == null ? Position.of(key.variable()) : entry.at();
    }

    void wrong(ConfigKey key, String found) {
        problems.add(Problem.error(
                at(key), key.path() + " should be " + key.form().description().replace("`", "'") + ", not " + found));
    }

    private String quoted(ConfigKey key) {
        return key.form() == ConfigKey.Form.SECRET || key.form() == ConfigKey.Form.REDIS_URL
                ? "what is written there"
                : "'" + text(key) + "'";
    }

    /** A number of at most nine digits; -1 when it is none. */
    static int digits(String text) {
        if (text.isEmpty() || text.length() > 9) {
            return -1;
        }
        for (int index = 0; index < text.length(); index++) {
            if (text.charAt(index) < '0' || text.charAt(index) > '9') {
                return -1;
            }
        }
        return Integer.parseInt(text);
    }
}
