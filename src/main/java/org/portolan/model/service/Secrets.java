package org.portolan.model.service;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.portolan.model.Failure;
import org.portolan.model.InvalidInput;
import org.portolan.model.NeedsConsent;
import org.portolan.model.Remedy;

/**
 * The secret values that are known while a command runs, for masking them in whatever is shown or kept: a container that
 * prints its environment and dies must not tell them to whoever pushed. Longest first, so that no rest of one is left. Used by
 * many threads.
 */
public final class Secrets {
    public static final String MASK = "••••";

    /** Shorter values would mask parts of ordinary words. */
    private static final int SHORTEST = 5;

    private static final Pattern FILLED = Pattern.compile("\\{\\w+}");
    private static final int LONG_PIECE = 8;

    /** A line of a key is reported by itself. */
    private static final int LONG_LINE = 32;

    /** {@code name=value}, {@code name: value} or {@code name value}, the value with or without quotes. */
    private static final Pattern SETTING = Pattern.compile(
            "[\"']?(?<name>[\\w.-]+)[\"']?(?<between>\\s*[:=]\\s*|\\s+)[\"']?(?<value>[^\\s\"']+)[\"']?[,;]?");

    /** Parts of names of settings whose value is a secret by itself, not only with its name. */
    private static final Pattern TELLING =
            Pattern.compile("pass|pwd|secret|token|credential|key$", Pattern.CASE_INSENSITIVE);

    /** Words that env files hold, every value of which is a secret, and that messages need. */
    private static final Set<String> PLAIN =
            Set.of("false", "localhost", "127.0.0.1", "0.0.0.0", "production", "development", "staging");

    /** All values that were learnt, and those of them that no name contains, which are masked. */
    private final Set<String> values = new HashSet<>();

    private final SortedSet<String> hidden = new TreeSet<>(Secrets::longestFirst);
    private final Set<String> names = new HashSet<>();
    /** The hidden values as they are masked; empty after a change until somebody masks. */
    private Optional<List<String>> masked = Optional.empty();

    private static int longestFirst(String one, String other) {
        return one.length() == other.length() ? one.compareTo(other) : Integer.compare(other.length(), one.length());
    }

    /** Learns the secret values of a definition. */
    public void add(Definition definition) {
        List<String> found = new ArrayList<>();
        collect(definition.keys(), found);
        addAll(found);
    }

    /** Learns a domain's passwords and its certificate's key; its own names are never masked. */
    public void add(Domain domain) {
        List<String> found = new ArrayList<>();
        domain.auth().values().forEach(password -> {
            found.add(password);
            if (domain.digestRealm().isPresent()) {
                DigestCredential.parse(password)
                        .ifPresent(known -> found.addAll(known.hashes().values()));
            }
        });
        domain.certificate().ifPresent(certificate -> found.add(certificate.keyPem()));
        List<String> hosts = new ArrayList<>(domain.aliases());
        hosts.add(domain.host());
        keep(hosts);
        addAll(found);
    }

    /** Names that are shown even where a secret is a part of them: domains, deployments, services. */
    public synchronized void keep(Iterable<String> shown) {
        for (String name : shown) {
            if (names.add(name) && hidden.removeIf(name::contains)) {
                masked = Optional.empty();
            }
        }
    }

    /** Learns values. */
    public synchronized void addAll(Iterable<String> found) {
        for (String value : found) {
            put(value);
            passwords(value);
            for (String piece : FILLED.split(value)) {
                // What stands around a placeholder, which the container sees filled in.
                if (piece.length() < value.length() && piece.length() >= LONG_PIECE) {
                    put(piece);
                }
            }
            if (value.indexOf('\n') >= 0) {
                value.lines().map(String::strip).forEach(this::line);
            }
        }
    }

    /**
     * A line of a secret text, which a log may show by itself: of a key, or of a file of settings, of which a program may say
     * only what is set. Short lines that set nothing would mask ordinary words.
     */
    private void line(String line) {
        if (line.startsWith("-----") || line.startsWith("#")) {
            return;
        }
        if (line.length() >= LONG_LINE) {
            put(line);
        }
        Matcher setting = SETTING.matcher(line);
        if (setting.matches()) {
            boolean telling = TELLING.matcher(setting.group("name")).find();
            if (telling || !setting.group("between").isBlank()) {
                put(line);
            }
            if (telling) {
                put(setting.group("value"));
            }
        }
    }

    /** A text without the known secrets, and without passwords of URLs, known or not. */
    public String mask(String text) {
        String shown = text;
        for (String value : masked()) {
            if (shown.contains(value)) {
                shown = shown.replace(value, MASK);
            }
        }
        return hideCredentials(shown);
    }

    public List<String> mask(List<String> texts) {
        return texts.stream().map(this::mask).toList();
    }

    /** A failure that tells no known secret; the same one where it tells none. */
    public Failure mask(Failure failure) {
        String what = mask(failure.what());
        List<String> details = mask(failure.details());
        Optional<Remedy> remedy = failure.remedy().map(next -> next.map(this::mask));
        boolean same =
                what.equals(failure.what()) && details.equals(failure.details()) && remedy.equals(failure.remedy());
        if (same || failure instanceof InvalidInput) {
            return failure;
        }
        if (failure instanceof NeedsConsent asking) {
            NeedsConsent shown = asking.shown(what, details);
            return remedy.map(shown::withRemedy).orElse(shown);
        }
        Failure masking = new Failure(failure.kind(), what).withDetails(details);
        return remedy.map(masking::withRemedy).orElse(masking);
    }

    private void put(String value) {
        String text = value.strip();
        boolean number = text.length() < 8 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (text.length() >= SHORTEST && !number && !PLAIN.contains(text)) {
            learn(text);
        }
    }

    /** What is learnt once is never compared with the names again: thousands of values come up for each file. */
    private void learn(String text) {
        if (values.add(text) && names.stream().noneMatch(name -> name.contains(text))) {
            hidden.add(text);
            masked = Optional.empty();
        }
    }

    private synchronized List<String> masked() {
        List<String> known = masked.orElseGet(() -> List.copyOf(hidden));
        masked = Optional.of(known);
        return known;
    }

    /** The password of a URL, which a message may show without the URL. */
    private void passwords(String value) {
        int scheme = value.indexOf("://");
        int at = scheme < 0 ? -1 : value.indexOf('@', scheme);
        int colon = at < 0 ? -1 : value.indexOf(':', scheme + 3);
        if (colon > 0 && colon < at) {
            put(value.substring(colon + 1, at));
        }
    }

    private static void collect(Object node, List<String> found) {
        if (Definition.isSecret(node)) {
            String text = Definition.text(node);
            // Under docker a variable's name stands before it.
            int equals = text.indexOf('=');
            found.add(text);
            if (equals > 0) {
                found.add(text.substring(equals + 1));
            }
        } else if (node instanceof Map<?, ?> map) {
            map.values().forEach(value -> {
                if (value != null) {
                    collect(value, found);
                }
            });
        } else if (node instanceof List<?> list) {
            list.forEach(item -> {
                if (item != null) {
                    collect(item, found);
                }
            });
        }
    }

    /** A text with every {@code scheme://user:password@host} in it without the password. */
    public static String hideCredentials(String text) {
        int scheme = text.indexOf("://");
        if (scheme < 0) {
            return text;
        }
        int end = scheme + 3;
        int colon = -1;
        int at = -1;
        while (end < text.length() && text.charAt(end) > ' ' && text.charAt(end) != '/') {
            char c = text.charAt(end);
            if (c == ':' && colon < 0) {
                colon = end;
            } else if (c == '@') {
                at = end;
            }
            end++;
        }
        if (colon < 0 || at <= colon + 1) {
            return text.substring(0, end) + hideCredentials(text.substring(end));
        }
        return text.substring(0, colon + 1) + MASK + text.substring(at, end) + hideCredentials(text.substring(end));
    }
}
