package org.portolan.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Optional;

/** Whether a program could listen at an address of this machine. */
public final class Listeners {
    /** What to do about a port that only root may listen on. */
    public static final String PRIVILEGED = "ports below 1024 need root: run as root, allow them with `sysctl"
            + " net.ipv4.ip_unprivileged_port_start=80`";

    private Listeners() {}

    /** Whether a refusal means that the user may not listen there, instead of that somebody else does. */
    public static boolean forbidden(int port, String refusal) {
        String lower = refusal.toLowerCase(java.util.Locale.ROOT);
        return port < 1024 && (lower.contains("permission") || lower.contains("denied"));
    }

    /**
     * Tries to listen for a moment.
     *
     * @param address an IP address; an IPv6 one may be in brackets
     * @return why nobody can, in the system's words; empty when somebody can
     */
    public static Optional<String> refusal(String address, int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(address(address), port));
            return Optional.empty();
        } catch (IOException refused) {
            return Optional.of(String.valueOf(refused.getMessage()));
        }
    }

    /** An IP address as the JDK has it; no name is looked up for one. */
    public static InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getAllByName(text)[0];
    }
}
