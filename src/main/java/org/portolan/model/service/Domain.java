package org.portolan.model.service;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.portolan.model.Position;

/**
 * A name that the outside reaches, as a source declares it.
 *
 * @param host lower-case name, {@code *.example.org} for every name directly under it, {@code *} for any
 * @param aliases further names with the same routes
 * @param routes path prefix ({@code /} for the rest) to what answers; whole segments, most specific first
 * @param tcp a TCP domain instead of routes
 * @param certificate PEM content of certificate chain and key, when declared
 * @param redirectHttps whether plain HTTP is answered with a redirect
 * @param maintenance whether every request gets the maintenance page (503)
 * @param sticky whether a client stays with its instance (cookie)
 * @param streamUploads whether an upload is passed on while it arrives; else when it is whole
 * @param auth user to password (or an accepted hash), with Digest to a {@link DigestCredential#text}; secret. Empty: open
 *     to all
 * @param digestRealm the realm of HTTP Digest; empty: Basic, or no authentication
 * @param accessLog what the edge writes down of each request
 * @param at where it is declared
 */
public record Domain(
        String host,
        List<String> aliases,
        SortedMap<String, Route> routes,
        Optional<TcpRoute> tcp,
        Optional<Certificate> certificate,
        boolean redirectHttps,
        boolean maintenance,
        boolean sticky,
        boolean streamUploads,
        SortedMap<String, String> auth,
        Optional<String> digestRealm,
        AccessLog accessLog,
        Position at) {

    /** A domain without an access log. */
    public Domain(
            String host,
            List<String> aliases,
            SortedMap<String, Route> routes,
            Optional<TcpRoute> tcp,
            Optional<Certificate> certificate,
            boolean redirectHttps,
            boolean maintenance,
            boolean sticky,
            boolean streamUploads,
            SortedMap<String, String> auth,
            Optional<String> digestRealm,
            Position at) {
        this(
                host,
                aliases,
                routes,
                tcp,
                certificate,
                redirectHttps,
                maintenance,
                sticky,
                streamUploads,
                auth,
                digestRealm,
                AccessLog.OFF,
                at);
    }

    /** A domain without Digest. */
    public Domain(
            String host,
            List<String> aliases,
            SortedMap<String, Route> routes,
            Optional<TcpRoute> tcp,
            Optional<Certificate> certificate,
            boolean redirectHttps,
            boolean maintenance,
            boolean sticky,
            boolean streamUploads,
            SortedMap<String, String> auth,
            Position at) {
        this(
                host,
                aliases,
                routes,
                tcp,
                certificate,
                redirectHttps,
                maintenance,
                sticky,
                streamUploads,
                auth,
                Optional.empty(),
                at);
    }

    /** A domain that takes uploads whole before its service is asked. */
    public Domain(
            String host,
            List<String> aliases,
            SortedMap<String, Route> routes,
            Optional<TcpRoute> tcp,
            Optional<Certificate> certificate,
            boolean redirectHttps,
            boolean maintenance,
            boolean sticky,
            SortedMap<String, String> auth,
            Position at) {
        this(host, aliases, routes, tcp, certificate, redirectHttps, maintenance, sticky, false, auth, at);
    }

    /** A copy that leads elsewhere. */
    public Domain withRoutes(SortedMap<String, Route> other, Optional<TcpRoute> otherTcp) {
        return new Domain(
                host,
                aliases,
                other,
                otherTcp,
                certificate,
                redirectHttps,
                maintenance,
                sticky,
                streamUploads,
                auth,
                digestRealm,
                accessLog,
                at);
    }

    /** What the edge writes down of each request for a domain; each writes what the one before it does, and more. */
    public enum AccessLog {
        /** Nothing. */
        OFF,
        /** All but the query string. */
        ON,
        /** The query string, too. */
        QUERY;

        public boolean on() {
            return this != OFF;
        }

        /** The one that writes more. */
        public AccessLog or(AccessLog other) {
            return compareTo(other) < 0 ? other : this;
        }
    }

    /** The order of {@link #routes()}: the longer path first, equal lengths by name. */
    public static final Comparator<String> MOST_SPECIFIC_FIRST =
            (one, other) -> one.length() == other.length() ? one.compareTo(other) : other.length() - one.length();

    /**
     * What answers a path.
     *
     * @param targets one, or several that share the traffic by weight
     */
    public record Route(List<Target> targets, Position at) {}

    /**
     * A service's port that is reached.
     *
     * @param port the port's name; "" for the only one
     * @param weight its share among the route's targets, 0 to 256; 100 unless written
     */
    public record Target(String deployment, String service, String port, int weight) {
        @Override
        public String toString() {
            return deployment + ":" + service + (port.isEmpty() ? "" : ":" + port);
        }
    }

    /** A port of the edge that carries TCP to a service. */
    public record TcpRoute(int listen, Target target) {}

    /** PEM texts; the key is a secret. */
    public record Certificate(String chainPem, String keyPem) {
        @Override
        public String toString() {
            return "Certificate[••••]";
        }
    }
}
