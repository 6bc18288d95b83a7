package org.portolan.servicefile.yaml;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Guesses by the look of lines what may be secret in a text that could not be read: what follows a secret's name, and
 * what stands under such a name or under {@code auth} by its indentation. Hides rather too much.
 */
final class LineSecrets {
    private LineSecrets() {}

    static void mark(SourceText source, int number, boolean[] hidden) {
        String line = source.line(number);
        if (line == null) {
            return;
        }
        int own = secretEnd(source, line);
        if (own >= 0) {
            Arrays.fill(hidden, Math.min(own, hidden.length), hidden.length, true);
        }
        int indentation = indentation(line);
        for (int i = number - 1; i >= 1 && indentation > 0; i--) {
            String above = source.line(i);
            if (above == null || above.isBlank() || indentation(above) >= indentation) {
                continue;
            }
            indentation = indentation(above);
            if (secretEnd(source, above) >= 0) {
                int colon = line.indexOf(':');
                Arrays.fill(hidden, colon < 0 ? 0 : Math.min(colon + 1, hidden.length), hidden.length, true);
                return;
            }
        }
    }

    /** Where the value of the line's first secret begins, or -1. */
    private static int secretEnd(SourceText source, String line) {
        int start = -1;
        for (int i = 0; i <= line.length(); i++) {
            boolean part = i < line.length() && isNamePart(line.charAt(i));
            if (part && start < 0) {
                start = i;
            } else if (!part && start >= 0) {
                String name = line.substring(start, i);
                if (assigned(line, i) && (name.equals("auth") || name.equals("secret") || source.secretName(name))) {
                    return i + 1;
                }
                start = -1;
            }
        }
        return -1;
    }

    private static boolean assigned(@Nullable String line, int at) {
        if (line == null) {
            return false;
        }
        int i = at;
        while (i < line.length() && (line.charAt(i) == '"' || line.charAt(i) == '\'' || line.charAt(i) == ' ')) {
            i++;
        }
        return i < line.length() && (line.charAt(i) == ':' || line.charAt(i) == '=');
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
    }

    private static int indentation(String line) {
        int i = 0;
        while (i < line.length() && (line.charAt(i) == ' ' || line.charAt(i) == '-')) {
            i++;
        }
        return i;
    }
}
