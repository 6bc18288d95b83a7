package org.portolan.servicefile.format;

import org.jspecify.annotations.Nullable;
import org.portolan.servicefile.yaml.CharacterSets;
import org.portolan.servicefile.yaml.Wording;

/** Compose's and the shell's way to name a variable, {@code ${NAME}}, which nothing fills in here. */
public final class Interpolation {
    private Interpolation() {}

    /** The name in the first {@code ${NAME}}, {@code ${NAME:-…}} or the like of a text; null when there is none. */
    public static @Nullable String named(String text) {
        for (int at = text.indexOf("${"); at >= 0; at = text.indexOf("${", at + 2)) {
            int end = at + 2;
            while (end < text.length()
                    && (CharacterSets.isLetter(text.charAt(end))
                            || text.charAt(end) == '_'
                            || (end > at + 2 && CharacterSets.isDigit(text.charAt(end))))) {
                end++;
            }
            boolean escaped = at > 0 && (text.charAt(at - 1) == '$' || text.charAt(at - 1) == '\\');
            if (!escaped && end > at + 2 && end < text.length() && "}:-?+".indexOf(text.charAt(end)) >= 0) {
                return text.substring(at + 2, end);
            }
        }
        return null;
    }

    /** What to write instead. */
    static String advice(String name) {
        String shown = Wording.clip(name);
        return "write \"%%" + shown + "%%\" for a variable of the deploying environment, \"{{name}}\" for a parameter";
    }
}
