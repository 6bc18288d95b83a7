package org.portolan.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Whose an address is, where it counts how much one client takes: an IPv4 address, or the first 64 bits of an IPv6 one. One machine has 2^64
 * of those, so that a limit of each would be none.
 */
final class ClientNetwork {
    private static final int PREFIX = 8;

    private ClientNetwork() {}

    /** Of an address as text; what is none stands for itself. */
    static String of(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            // Never a name: those have no colon.
            return of(InetAddress.getByName(address));
        } catch (UnknownHostException other) {
            return address;
        }
    }

    static String of(InetAddress address) {
        // One that holds an IPv4 address is one of those to Java already.
        if (!(address instanceof Inet6Address) || address.isLoopbackAddress()) {
            return address.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, PREFIX, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes).getHostAddress() + "/64";
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
