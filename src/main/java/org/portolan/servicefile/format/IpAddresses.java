package org.portolan.servicefile.format;

/** IP addresses by their text, without asking any resolver. */
final class IpAddresses {
    private IpAddresses() {}

    /** Whether the text is an IPv4 address, or an IPv6 one (in brackets or not). */
    static boolean isAddress(String text) {
        if (text.startsWith("[") && text.endsWith("]")) {
            return isSix(text.substring(1, text.length() - 1));
        }
        return isFour(text) || isSix(text);
    }

    private static boolean isFour(String text) {
        int parts = 0;
        int start = 0;
        while (start <= text.length()) {
            int end = text.indexOf('.', start);
            end = end < 0 ? text.length() : end;
            long part = end - start > 3
                    ? -1
                    : Shapes.Whole.parse(text.substring(start, end)).orElse(-1L);
            if (part < 0 || part > 255) {
                return false;
            }
            parts++;
            start = end + 1;
        }
        return parts == 4;
    }

    private static boolean isSix(String text) {
        int doubles = 0;
        int groups = 0;
        int start = 0;
        if (text.indexOf(':') < 0 || text.length() > 45) {
            return false;
        }
        while (start <= text.length()) {
            int end = text.indexOf(':', start);
            end = end < 0 ? text.length() : end;
            String group = text.substring(start, end);
            if (group.indexOf('.') >= 0) {
                if (end != text.length() || !isFour(group)) {
                    return false;
                }
                groups += 2;
            } else if (group.isEmpty()) {
                doubles += start > 0 && end < text.length() ? 1 : 0;
            } else if (group.length() > 4 || !isHex(group)) {
                return false;
            } else {
                groups++;
            }
            start = end + 1;
        }
        boolean shortened = text.contains("::");
        boolean edges =
                (!text.startsWith(":") || text.startsWith("::")) && (!text.endsWith(":") || text.endsWith("::"));
        return edges && !text.contains(":::") && doubles <= 1 && (shortened ? groups <= 7 : groups == 8);
    }

    private static boolean isHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.digit(text.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }
}
