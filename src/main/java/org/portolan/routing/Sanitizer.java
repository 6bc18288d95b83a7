package org.portolan.routing;

import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.ProxyText;

/**
 * The last border before a proxy's file or command: only values of a known form pass, so none can end a word, a line or a
 * block and say more than it is. The forms are those of {@link ProxyText}, which what is read was held to before.
 */
public final class Sanitizer {
    private Sanitizer() {}

    /** A deployment's, service's or port's name, or an instance's; letters, digits, {@code - _ .}. */
    static String name(String text) {
        return only(text, ProxyText.NAME);
    }

    /** A host name in lower case, {@code *.parent} or {@code *}. */
    public static String host(String text) {
        if (text.equals("*")) {
            return text;
        }
        String rest = text.startsWith("*.") ? text.substring(2) : text;
        for (int i = 0; i < rest.length(); i++) {
            char c = rest.charAt(i);
            if (!(isLower(c) || isDigit(c) || c == '-' || c == '_' || c == '.')) {
                throw refused(text, "a host name in lower case");
            }
        }
        boolean bad = rest.isEmpty()
                || rest.length() > 253
                || rest.startsWith(".")
                || rest.endsWith(".")
                || rest.contains("..")
                || rest.startsWith("-");
        if (bad) {
            throw refused(text, "a host name in lower case");
        }
        return text;
    }

    /** A path prefix, without the slash at its end; the root is "". */
    static String path(String text) {
        String path = text;
        while (path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        if (path.isEmpty()) {
            return path;
        }
        return only(path, ProxyText.PATH);
    }

    /** A path with an optional query, as health checks ask; quoted, so that each of its characters stands for itself. */
    static String target(String text) {
        return quoted(only(text, ProxyText.TARGET));
    }

    /** A value of a header that a check sends; HAProxy reads it as a format, in which only % means something. */
    static String headerValue(String text) {
        return quoted(only(text, ProxyText.HEADER_VALUE)).replace("%", "%%");
    }

    /** Within HAProxy's strong quotes nothing means anything but their end. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /** An IP address; an IPv6 address is given in brackets. */
    static String address(String text) {
        String bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        boolean six = bare.indexOf(':') >= 0;
        for (int i = 0; i < bare.length(); i++) {
            char c = bare.charAt(i);
            boolean hex = isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
            if (!(six ? hex || c == ':' || c == '.' : isDigit(c) || c == '.')) {
                throw refused(text, "an IP address");
            }
        }
        if (bare.isEmpty() || bare.length() > 45) {
            throw refused(text, "an IP address");
        }
        return six ? "[" + bare + "]" : bare;
    }

    /** An address or a network in CIDR form. */
    static String network(String text) {
        return only(text, ProxyText.NETWORK);
    }

    static int port(int port) {
        if (port < 1 || port > 65535) {
            throw refused(String.valueOf(port), "a port (1 to 65535)");
        }
        return port;
    }

    static int connections(int number) {
        if (number < 0) {
            throw refused(String.valueOf(number), "a number of connections");
        }
        return number;
    }

    static int weight(int weight) {
        if (weight < 0 || weight > 256) {
            throw refused(String.valueOf(weight), "a weight (0 to 256)");
        }
        return weight;
    }

    /** A path of this machine that goes into the proxies' files. */
    public static String file(String text) {
        return only(text, ProxyText.FILE);
    }

    /** A user of the statistics page or of a password file. */
    static String user(String text) {
        return only(text, ProxyText.USER);
    }

    /** The realm of HTTP Digest, which goes into a header between double quotes. */
    static String realm(String text) {
        return only(text, ProxyText.REALM);
    }

    private static String only(String text, ProxyText form) {
        String fault = form.fault(text);
        if (fault != null) {
            throw refused(text, form.what() + " (" + fault + ")");
        }
        return text;
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static Failure refused(String text, String what) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), 60); i++) {
            char c = text.charAt(i);
            shown.append(c < ' ' || c == 127 ? '?' : c);
        }
        return new Failure(Kind.INVALID, "`" + shown + "` is not " + what + "; it is not passed to the proxies");
    }
}
