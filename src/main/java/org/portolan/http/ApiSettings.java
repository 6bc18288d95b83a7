package org.portolan.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the API listens.
 *
 * @param socket the unix socket's file
 * @param address an IP address
 * @param port 0: on no port
 * @param tls what the port speaks TLS with; empty: it speaks HTTP without
 * @param name the domain of the edge that leads here; empty: none
 * @param host this machine's name, for history
 * @param version of this program
 */
public record ApiSettings(
        Path socket,
        String address,
        int port,
        Optional<Tls> tls,
        Optional<PublicName> name,
        String host,
        String version) {

    /** One without a domain. */
    public ApiSettings(Path socket, String address, int port, Optional<Tls> tls, String host, String version) {
        this(socket, address, port, tls, Optional.empty(), host, version);
    }

    /**
     * A name that the edge answers to.
     *
     * @param at where it is configured, for people
     * @param behindProxies whether others in front of the edge may speak TLS in its place
     */
    public record PublicName(String name, String at, boolean behindProxies) {}

    /** Files in PEM, which may be one. */
    public record Tls(Path certificate, Path key) {}

    /** Whether only this machine can reach it. */
    boolean loopback() {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException notAnAddress) {
            return false;
        }
    }

    String where() {
        return where(address, port);
    }

    static String where(String address, int port) {
        return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port;
    }
}
