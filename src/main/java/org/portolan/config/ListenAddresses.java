package org.portolan.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Recognises IP addresses and networks without asking a name server. */
final class ListenAddresses {
    private ListenAddresses() {}

    static boolean isAddress(String text) {
        return isVersion4(text) || isVersion6(text);
    }

    /**
     * Why an address cannot be listened at beside others.
     *
     * @param before those named before it
     */
    static Optional<String> fault(String address, List<String> before) {
        if (!isAddress(address)) {
            return Optional.of("'" + address + "'");
        }
        if (address.toLowerCase(Locale.ROOT).startsWith("fe80:")) {
            return Optional.of("'" + address + "', a link-local address, which is not unique across interfaces");
        }
        for (String other : before) {
            if (address.equals(other)) {
                return Optional.of("'" + address + "' twice");
            }
            if (covers(other, address) || covers(address, other)) {
                return Optional.of("both '" + other + "' and '" + address + "', of which one includes the other");
            }
        }
        return Optional.empty();
    }

    /** Whether the same port could not be listened on at both. */
    static boolean overlap(List<String> some, List<String> others) {
        for (String one : some) {
            for (String other : others) {
                boolean sixForAll = one.equals("::") || other.equals("::");
                if (one.equals(other) || covers(one, other) || covers(other, one) || sixForAll) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether one address of all of this machine's stands for another; {@code ::} beside IPv4 is IPv6 only. */
    private static boolean covers(String wide, String narrow) {
        boolean six = narrow.indexOf(':') >= 0;
        return !narrow.equals(wide) && (wide.equals("0.0.0.0") ? !six : wide.equals("::") && six);
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

    /** A network of either kind in CIDR form; not everybody's ({@code /0}). */
    static boolean isAnyNetwork(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? "" : text.substring(0, slash);
        int bits = Values.digits(text.substring(slash + 1));
        return bits >= 1 && (isVersion4(address) ? bits <= 32 : isVersion6(address) && bits <= 128);
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
