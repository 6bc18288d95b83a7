package org.portolan.routing;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
        // Written out: each deploy that looks at the proxies compares them (ADR 38).
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Bind that && port == that.port && address.equals(that.address);
        }

        @Override
        public int hashCode() {
            return 31 * address.hashCode() + port;
        }

        /** The address without brackets, as interfaces have it. */
        public String bare() {
            return address.startsWith("[") ? address.substring(1, address.length() - 1) : address;
        }

        /**
         * Listeners as HAProxy's file has them: {@code ::} takes IPv4 too, unless IPv4 is named beside it.
         *
         * @param binds of one port
         */
        static List<String> words(List<Bind> binds) {
            boolean four = binds.stream().anyMatch(bind -> bind.bare().indexOf(':') < 0);
            List<String> words = new ArrayList<>();
            for (Bind bind : binds) {
                words.add(bind + (bind.bare().equals("::") ? four ? " v6only" : " v4v6" : ""));
            }
            return words;
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
