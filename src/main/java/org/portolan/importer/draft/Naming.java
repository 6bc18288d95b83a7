package org.portolan.importer.draft;

import java.util.Collection;
import java.util.Locale;

/** Names and texts in the forms that a Servicefile takes. */
public final class Naming {
    private static final int LONGEST = 63;

    private Naming() {}

    /** The nearest valid name of a deployment, service, port or volume. */
    public static String name(String text, String otherwise) {
        StringBuilder name = new StringBuilder();
        for (char c : text.toLowerCase(Locale.ROOT).toCharArray()) {
            boolean plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (plain) {
                name.append(c);
            } else if (!name.isEmpty() && name.charAt(name.length() - 1) != '-') {
                name.append('-');
            }
        }
        name.setLength(Math.min(name.length(), LONGEST));
        while (!name.isEmpty() && name.charAt(name.length() - 1) == '-') {
            name.setLength(name.length() - 1);
        }
        return name.isEmpty() ? otherwise : name.toString();
    }

    /** The name, with a number where it is taken. */
    public static String free(String name, Collection<String> taken) {
        String free = name;
        for (int n = 2; taken.contains(free); n++) {
            String end = "-" + n;
            free = name.substring(0, Math.min(name.length(), LONGEST - end.length())) + end;
        }
        return free;
    }

    /** A text in which nothing is meant as a parameter or macro. */
    public static String literal(String text) {
        return text.replace("{{", "\\{{").replaceAll("%%(?=[A-Za-z_][A-Za-z0-9_]*%%)", "\\\\%%");
    }

    /** A text of a variable or command, in which nothing is meant as a placeholder that Portolan fills in either. */
    public static String unfilled(String text) {
        return text.replaceAll("(?<!\\{)\\{(HOST|PORT|DEPLOY_ID)\\}", "\\\\{$1}");
    }
}
