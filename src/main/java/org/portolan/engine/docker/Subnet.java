package org.portolan.engine.docker;

import java.util.Optional;

/**
 * A range of IPv4 addresses.
 *
 * @param first the first address, as an unsigned 32-bit number
 * @param prefix how many leading bits are fixed, 0 to 32
 */
record Subnet(long first, int prefix) {

    Subnet {
        first &= mask(prefix);
    }

    /** Reads {@code 10.201.0.0/16}; empty for anything else, IPv6 included. */
    static Optional<Subnet> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        try {
            int prefix = Integer.parseInt(text.substring(slash + 1));
            String[] parts = text.substring(0, slash).split("\\.", -1);
            if (parts.length != 4 || prefix < 0 || prefix > 32) {
                return Optional.empty();
            }
            long address = 0;
            for (String part : parts) {
                int value = Integer.parseInt(part);
                if (value < 0 || value > 255) {
                    return Optional.empty();
                }
                address = address << 8 | value;
            }
            return Optional.of(new Subnet(address, prefix));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    long size() {
        return 1L << (32 - prefix);
    }

    boolean overlaps(Subnet other) {
        return first < other.first + other.size() && other.first < first + size();
    }

    /** The address that a bridge takes: the one after the network's own. */
    String gateway() {
        return dotted(first + 1);
    }

    @Override
    public String toString() {
        return dotted(first) + "/" + prefix;
    }

    private static String dotted(long address) {
        return (address >> 24 & 255) + "." + (address >> 16 & 255) + "." + (address >> 8 & 255) + "." + (address & 255);
    }

    private static long mask(int prefix) {
        return 0xffffffffL << (32 - prefix) & 0xffffffffL;
    }
}
