package org.portolan.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;

/**
 * Where the API listens.
 *
 * @param socket the unix socket's file
 * @param address an IP address
 * @param port 0: on no port
 * @param host this machine's name, for history
 * @param version of this program
 */
public record ApiSettings(Path socket, String address, int port, String host, String version) {

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
