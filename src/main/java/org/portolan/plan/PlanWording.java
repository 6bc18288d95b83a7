package org.portolan.plan;

import org.portolan.model.service.Secrets;

/** Small pieces of the plan's language. */
final class PlanWording {
    private static final int LONGEST = 160;

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
        String safe = Secrets.hideCredentials(text);
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

    /** The first digits of a content id, enough to tell two apart. */
    static String shortId(String id) {
        int colon = id.indexOf(':');
        String digits = colon < 0 ? id : id.substring(colon + 1);
        return digits.length() <= 12 ? digits : digits.substring(0, 12);
    }
}
