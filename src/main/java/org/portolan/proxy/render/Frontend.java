package org.portolan.proxy.render;

import java.util.List;

/**
 * A listener of HAProxy for one pool.
 *
 * @param kind who comes in here
 * @param binds {@code address:port}
 */
public record Frontend(String name, Kind kind, boolean http, List<Bind> binds, String pool) {

    /** Who comes in. */
    public enum Kind {
        /** Services of this machine; their forwarding headers are kept. */
        MESH,
        /** The outside, through a wan_map or a TCP domain. */
        OUTSIDE
    }

    /** An address of this machine and a port. */
    public record Bind(String address, int port) {
        /** The address without brackets, as interfaces have it. */
        public String bare() {
            return address.startsWith("[") ? address.substring(1, address.length() - 1) : address;
        }

        /** Whether it means every address. */
        public boolean any() {
            return bare().equals("0.0.0.0") || bare().equals("::");
        }

        @Override
        public String toString() {
            return address + ":" + port;
        }
    }
}
