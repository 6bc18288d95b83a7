package org.portolan.config;

/** Recognises IP addresses and networks without asking a name server. */
final class Addresses {
    private Addresses() {}

    static boolean isAddress(String text) {
        return isVersion4(text) || isVersion6(text);
    }

    /** An IPv4 network in CIDR form, its host bits zero. */
    static boolean isNetwork(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !isVersion4(text.substring(0, slash))) {
            return false;
        }
        int bits = Values.digits(text.substring(slash + 1));
        if (bits < 8 || bits > 29) {
            return false;
        }
        long address = 0;
        for (String part : text.substring(0, slash).split("\\.", -1)) {
            address = address << 8 | Values.digits(part);
        }
        return (address & ((1L << (32 - bits)) - 1)) == 0;
    }

    private static boolean isVersion4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            int number = part.length() > 3 ? -1 : Values.digits(part);
            if (number < 0 || number > 255) {
                return false;
            }
        }
        return true;
    }

    private static boolean isVersion6(String text) {
        boolean gap = text.contains("::");
        String[] parts = text.split(":", -1);
        if (parts.length < 3 || parts.length > 8 + (gap ? 1 : 0) || (!gap && parts.length != 8)) {
            return false;
        }
        int empty = 0;
        for (String part : parts) {
            if (part.isEmpty()) {
                empty++;
            } else if (part.length() > 4 || !part.chars().allMatch(letter -> Character.digit(letter, 16) >= 0)) {
                return false;
            }
        }
        return empty == 0 || (gap && text.indexOf("::") == text.lastIndexOf("::") && empty <= 3);
    }
}
