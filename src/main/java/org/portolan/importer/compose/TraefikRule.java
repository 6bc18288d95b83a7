package org.portolan.importer.compose;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.portolan.servicefile.format.Names;

/**
 * A rule of a router of Traefik, as far as domains can say it: each of the hosts with each of the paths.
 *
 * @param hosts those that are valid
 * @param paths prefixes; "" for all paths
 * @param whole whether it says nothing else
 * @param exact whether one of the paths does not mean those below it
 */
record TraefikRule(List<String> hosts, List<String> paths, boolean whole, boolean exact) {
    private static final Pattern HOST = Pattern.compile("(?<![!A-Za-z])Host\\(([^)]*)\\)");
    private static final Pattern PATH = Pattern.compile("(?<![!A-Za-z])Path(?:Prefix)?\\(([^)]*)\\)");
    private static final Pattern EXACT = Pattern.compile("(?<![A-Za-z])Path\\(");
    /** Alternatives of hosts, and of paths: each host with each path. */
    private static final Pattern PRODUCT = Pattern.compile("H(\\|\\|H)*|\\(H(\\|\\|H)*\\)"
            + "|(H|\\(H(\\|\\|H)*\\))&&(P|\\(P(\\|\\|P)*\\))|(P|\\(P(\\|\\|P)*\\))&&(H|\\(H(\\|\\|H)*\\))");

    private static final Pattern QUOTED = Pattern.compile("[`'\"]([^`'\"]+)[`'\"]");
    /** The form of Traefik 1. */
    private static final Pattern OLD = Pattern.compile("^Host:([^;]+)(?:;PathPrefix:([^;]+))?$");

    /** Reads a rule; what cannot be read is not {@code whole}. */
    static TraefikRule read(String rule) {
        List<String> hosts = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        Matcher old = OLD.matcher(rule);
        if (old.matches()) {
            hosts.addAll(List.of(old.group(1).strip().split("\\s*,\\s*")));
            if (old.group(2) != null) {
                paths.addAll(List.of(old.group(2).strip().split("\\s*,\\s*")));
            }
        } else {
            words(HOST, rule, hosts);
            words(PATH, rule, paths);
        }
        boolean whole = old.matches() || PRODUCT.matcher(skeleton(rule)).matches();
        boolean valid = !hosts.removeIf(each -> Names.checkHost(each, true) != null);
        paths.replaceAll(path -> path.replaceFirst("/+$", ""));
        if (paths.isEmpty()) {
            paths.add("");
        }
        return new TraefikRule(hosts, paths, whole && valid, EXACT.matcher(rule).find());
    }

    /** The rule with a letter for each call that is known. */
    private static String skeleton(String rule) {
        return PATH.matcher(HOST.matcher(rule).replaceAll("H")).replaceAll("P").replaceAll("\\s", "");
    }

    private static void words(Pattern call, String rule, List<String> words) {
        Matcher found = call.matcher(rule);
        while (found.find()) {
            Matcher word = QUOTED.matcher(found.group(1));
            while (word.find()) {
                words.add(word.group(1));
            }
        }
    }
}
