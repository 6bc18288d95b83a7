package org.portolan.servicefile;

/** JSON allows tabs between values, YAML does not: a text that begins with a brace or bracket gets blanks instead. */
final class JsonTabs {
    private JsonTabs() {}

    static String blank(String text) {
        int start = 0;
        while (start < text.length() && Character.isWhitespace(text.charAt(start))) {
            start++;
        }
        if (text.indexOf('\t') < 0 || start == text.length() || "{[".indexOf(text.charAt(start)) < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\' && i + 1 < text.length()) {
                out.append(c).append(text.charAt(++i));
                continue;
            }
            quoted ^= c == '"';
            out.append(c == '\t' && !quoted ? ' ' : c);
        }
        return out.toString();
    }
}
