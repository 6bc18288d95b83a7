package org.portolan.plan;

/** Small pieces of the plan's language. */
final class PlanWording {
    private static final int LONGEST = 160;
    private static final String MASK = "••••";

    private PlanWording() {}

    /** {@code 1 instance}, {@code 2 instances}, {@code no instances}. */
    static String count(int number, String noun) {
        return (number == 0 ? "no" : String.valueOf(number)) + " " + noun + (number == 1 ? "" : "s");
    }

    /**
     * A text as one line for a terminal: no control characters, not too long, and passwords in addresses
     * ({@code scheme://user:password@host}) masked.
     */
    static String line(String text) {
        String safe = withoutPasswords(text);
        StringBuilder out = new StringBuilder(Math.min(safe.length(), LONGEST) + 8);
        for (int i = 0; i < safe.length(); i++) {
            char c = safe.charAt(i);
            if (out.length() >= LONGEST) {
                return out.append('…').toString();
            }
            if (c == '\n') {
                out.append("\\n");
            } else if (c == '\t') {
                out.append("\\t");
            } else {
                out.append(Character.isISOControl(c) ? '?' : c);
            }
        }
        return out.toString();
    }

    private static String withoutPasswords(String text) {
        int scheme = text.indexOf("://");
        if (scheme < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        int copied = 0;
        while (scheme >= 0) {
            int start = scheme + 3;
            int end = start;
            int at = -1;
            while (end < text.length() && "/?# \n\t\"'".indexOf(text.charAt(end)) < 0) {
                if (text.charAt(end) == '@') {
                    at = end;
                }
                end++;
            }
            int colon = text.indexOf(':', start);
            if (at >= 0 && colon >= 0 && colon < at) {
                out.append(text, copied, colon + 1).append(MASK);
                copied = at;
            }
            scheme = text.indexOf("://", start);
        }
        return out.append(text, copied, text.length()).toString();
    }

    /** The first digits of a content id, enough to tell two apart. */
    static String shortId(String id) {
        int colon = id.indexOf(':');
        String digits = colon < 0 ? id : id.substring(colon + 1);
        return digits.length() <= 12 ? digits : digits.substring(0, 12);
    }
}
