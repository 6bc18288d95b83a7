package org.portolan.servicefile.yaml;

/**
 * What JSON allows and the YAML parser does not: tabs between values, and {@code \/} in a text. A document that begins
 * with a brace or bracket is made fit.
 */
final class JsonText {
    private JsonText() {}

    static String asYaml(String text) {
        int start = 0;
        while (start < text.length() && Character.isWhitespace(text.charAt(start))) {
            start++;
        }
        boolean json = start < text.length() && (text.charAt(start) == '{' || text.charAt(start) == '[');
        if (!json || (text.indexOf('\t') < 0 && !text.contains("\\/"))) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\' && i + 1 < text.length()) {
                char escaped = text.charAt(++i);
                out.append(escaped == '/' ? "/" : "\\" + escaped);
                continue;
            }
            quoted ^= c == '"';
            out.append(c == '\t' && !quoted ? ' ' : c);
        }
        return out.toString();
    }
}
