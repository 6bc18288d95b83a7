package org.portolan.proxy.nginx;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.portolan.process.Listeners;

/**
 * A listener of nginx.
 *
 * @param address canonical, without brackets
 * @param bothFamilies whether {@code ::} takes IPv4 too
 */
record Listen(String address, int port, boolean bothFamilies) {
    private static final String DIRECTIVE = "listen ";

    // Written out: each deploy that looks at the proxies compares them (ADR 38).
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Listen that
                && port == that.port
                && bothFamilies == that.bothFamilies
                && address.equals(that.address);
    }

    @Override
    public int hashCode() {
        return 31 * address.hashCode() + port;
    }

    /** The listeners that a configuration names, each once; unix sockets and host names are passed over. */
    static Set<Listen> in(String text) {
        Set<Listen> listens = new LinkedHashSet<>();
        // From one to the next, not line by line: each deploy that looks at the proxies reads the file.
        for (int at = text.indexOf(DIRECTIVE); at >= 0; at = text.indexOf(DIRECTIVE, at + 1)) {
            int from = at + DIRECTIVE.length();
            int end = text.indexOf(';', from);
            int line = text.indexOf('\n', from);
            if (end > 0 && (line < 0 || end < line) && begins(text, at)) {
                of(text.substring(from, end).strip().split("\\s+", -1), listens);
            }
        }
        return listens;
    }

    /** Whether nothing but space is before a place in its line. */
    private static boolean begins(String text, int at) {
        int before = at - 1;
        while (before >= 0 && text.charAt(before) != '\n' && Character.isWhitespace(text.charAt(before))) {
            before--;
        }
        return before < 0 || text.charAt(before) == '\n';
    }

    private static void of(String[] words, Collection<Listen> listens) {
        int colon = words[0].lastIndexOf(':');
        boolean onlyAddress = words[0].endsWith("]");
        String address = colon < 0 || onlyAddress ? "0.0.0.0" : words[0].substring(0, colon);
        String port = onlyAddress ? "80" : words[0].substring(colon + 1);
        String bare = address.equals("*") ? "0.0.0.0" : address.replace("[", "").replace("]", "");
        boolean numeric = !bare.isEmpty() && bare.chars().allMatch(c -> c == '.' || c == ':' || hex(c));
        if (numeric && !port.isEmpty() && port.length() < 6 && port.chars().allMatch(c -> c >= '0' && c <= '9')) {
            listens.add(new Listen(
                    Listeners.canonical(bare),
                    Integer.parseInt(port),
                    List.of(words).contains("ipv6only=off")));
        }
    }

    private static boolean hex(int c) {
        return Character.digit(c, 16) >= 0;
    }

    /** Whether a socket at an address and port is this listener. */
    boolean is(String other, int otherPort) {
        return port == otherPort && address.equals(other);
    }

    /** Whether one nginx cannot have both at a time, which it would need to on a reload from one to the other. */
    private boolean excludes(Listen other) {
        if (port != other.port) {
            return false;
        }
        if (address.equals(other.address)) {
            return bothFamilies != other.bothFamilies;
        }
        boolean sixOnly = (onlySix() && other.four()) || (other.onlySix() && four());
        return !sixOnly && Listeners.overlap(address, other.address);
    }

    private boolean four() {
        return address.indexOf(':') < 0;
    }

    private boolean onlySix() {
        return address.equals("::") && !bothFamilies;
    }

    /**
     * Whether a reload cannot lead from some listeners to others: nginx binds the new ones before it lets go of the old
     * ones, and keeps what a socket was made with.
     */
    static boolean needsRestart(Collection<Listen> now, Collection<Listen> wanted) {
        for (Listen one : wanted) {
            boolean same = now.contains(one);
            for (Listen old : now) {
                if (!same && one.excludes(old)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** {@code 127.0.0.1:8080, [::1]:8080}. */
    static String shown(Collection<Listen> listens) {
        List<String> shown = new ArrayList<>();
        listens.forEach(listen -> shown.add(listen.toString()));
        return String.join(", ", shown);
    }

    @Override
    public String toString() {
        return Listeners.shown(address, port);
    }
}
