package org.portolan.model;

import org.jspecify.annotations.Nullable;

/**
 * The forms of texts that reach the proxies' files. The readers of Servicefiles and of the configuration ask them at plan
 * time, the renderers once more at the last border: what the first let pass the second never refuses. They are narrower
 * than the proxies' own, so that no text can end a word, a line or a block and say more than it is.
 */
public enum ProxyText {
    /** A deployment's, service's, port's or instance's name. */
    NAME("a name", "letters, digits and - _ .", "-_."),
    /** A user of a password file or of the statistics page. */
    USER("a user name", "letters, digits and - _ . + @", "-_.+@"),
    /** The realm of HTTP Digest. */
    REALM("a realm", "printable ASCII without double quotes and backslashes", "\"\\", 64, true),
    /** A route's path prefix. */
    PATH("a path", "letters, digits and / - _ . ~ % ! $ & ( ) * + , = : @", "/-_.~%!$&()*+,=:@"),
    /** A path with an optional query, as health checks ask: quoted in HAProxy's file, so that its characters mean nothing. */
    TARGET("a path", "printable ASCII without blanks, double quotes and backslashes", " \"\\", 512, true),
    /** The value of a header that a check sends; quoted likewise. */
    HEADER_VALUE("a header's value", "printable ASCII", "", 1024, true),
    /** A path of this machine. */
    FILE("a path that the proxies can take", "letters, digits and / - _ . + @ : ~", "/-_.+@:~"),
    /** An address or a network in CIDR form. */
    NETWORK("a network", "digits, letters and . : /", ".:/");

    /** The most characters of a path. */
    public static final int LONGEST_PATH = 512;

    private final String what;
    private final String letters;
    private final String marks;
    private final int longest;
    private final boolean printable;

    ProxyText(String what, String letters, String more) {
        this(what, letters, more, 512, false);
    }

    /**
     * A form.
     *
     * @param marks with {@code printable} those that it lacks, else those that it has beside letters and digits
     */
    ProxyText(String what, String letters, String marks, int longest, boolean printable) {
        this.what = what;
        this.letters = letters;
        this.marks = marks;
        this.longest = longest;
        this.printable = printable;
    }

    /** What it is, for messages. */
    public String what() {
        return what;
    }

    /** The most characters. */
    public int longest() {
        return longest;
    }

    /** What is wrong with a text; null when nothing is. */
    public @Nullable String fault(String text) {
        if ((text.isEmpty() && this != HEADER_VALUE) || text.length() > longest) {
            return "use " + (this == HEADER_VALUE ? 0 : 1) + " to " + longest + " characters";
        }
        for (int i = 0; i < text.length(); i++) {
            if (!has(text.charAt(i))) {
                return "use " + letters;
            }
        }
        boolean path = this == PATH || this == TARGET || this == FILE;
        return path && !text.startsWith("/") ? "it must begin with /" : null;
    }

    private boolean has(char c) {
        if (printable) {
            return c >= ' ' && c <= '~' && marks.indexOf(c) < 0;
        }
        boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return plain || marks.indexOf(c) >= 0;
    }
}
