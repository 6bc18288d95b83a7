package org.portolan.process;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.Optional;

/** Addresses of this machine to listen at: whether a program could, and who keeps it from doing so. */
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
        try {
            InetAddress at = address(address);
            // A socket of the address's own family: Java's usual one takes IPv6 too when asked for all of IPv4.
            try (ServerSocketChannel trial = ServerSocketChannel.open(
                    at instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6)) {
                trial.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                trial.bind(new InetSocketAddress(at, port));
                return Optional.empty();
            }
        } catch (IOException | UnsupportedOperationException refused) {
            return Optional.of(String.valueOf(refused.getMessage()));
        }
    }

    /** As {@link #refusal}, with the process that holds the port where one does. */
    public static Optional<String> obstacle(String address, int port) {
        Optional<String> refusal = refusal(address, port);
        if (refusal.isEmpty()) {
            return refusal;
        }
        List<ListeningSockets.Socket> others = ListeningSockets.read().against(address, port);
        return others.isEmpty()
                ? refusal
                : Optional.of(heldBy(others.getFirst(), ListeningSockets.holder(others.getFirst())));
    }

    /** {@code held by sshd (process 812)}, with the address where it is not the one that was asked for. */
    public static String heldBy(ListeningSockets.Socket socket, String holder) {
        return "in use by " + holder + ", which listens on " + shown(socket.address(), socket.port());
    }

    /** An IP address as the JDK has it; no name is looked up for one. */
    public static InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getAllByName(text)[0];
    }

    /** One spelling for each IP address, without brackets and zone; what is none stays as it is. */
    public static String canonical(String text) {
        try {
            return text.isEmpty() ? "0.0.0.0" : text(address(text));
        } catch (UnknownHostException none) {
            return text;
        }
    }

    /** An address's one spelling. */
    public static String text(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        String bare = zone < 0 ? text : text.substring(0, zone);
        return switch (bare) {
            case "0:0:0:0:0:0:0:0" -> "::";
            case "0:0:0:0:0:0:0:1" -> "::1";
            default -> bare;
        };
    }

    /** Whether listeners at two addresses (canonical) exclude each other on one port; {@code ::} may take IPv4 too. */
    public static boolean overlap(String one, String other) {
        return one.equals(other) || covers(one, other) || covers(other, one);
    }

    private static boolean covers(String wide, String narrow) {
        return wide.equals("::") || (wide.equals("0.0.0.0") && (narrow.equals("::") || narrow.indexOf(':') < 0));
    }

    /** {@code 127.0.0.1:80}, {@code [::1]:80}. */
    public static String shown(String address, int port) {
        return bracketed(address) + ":" + port;
    }

    /** An IPv6 address in brackets; another one as it is. */
    public static String bracketed(String address) {
        return address.indexOf(':') >= 0 && !address.startsWith("[") ? "[" + address + "]" : address;
    }
}
