package org.portolan.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.config.Configuration;
import org.portolan.model.container.Network;
import org.portolan.model.routing.ProxyListener;
import org.portolan.process.ListeningSockets;
import org.portolan.proxy.Proxy;

/** What {@code doctor} finds out about ports, routes and the firewall. */
final class NetworkChecks {
    private static final Path LOCAL_PORTS = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final Path ROUTES = Path.of("/proc/net/route");

    private final Examined examined;
    private final Configuration configuration;

    NetworkChecks(Examined examined) {
        this.examined = examined;
        configuration = examined.configuration();
    }

    List<Finding> ports() {
        List<Finding> findings = new ArrayList<>();
        Proxy proxy = examined.proxy();
        for (ProxyListener own : proxy.own()) {
            proxy.obstacle(own.address(), own.port())
                    .ifPresent(reason -> findings.add(Finding.fault(
                            "ports",
                            own.purpose() + " (" + (own.key().isEmpty() ? "" : own.key() + " ") + own.address() + ":"
                                    + own.port() + ") cannot be opened: " + reason,
                            SystemServices.turnOff(own).orElse("Stop the process that listens there")
                                    + (own.key().isEmpty()
                                            ? "; the next start of the proxies chooses another port."
                                            : ", or set " + own.key() + " to another port."))));
        }
        findings.addAll(SystemServices.onWebPorts(
                ListeningSockets.read().all(), ListeningSockets::service, proxy.own(), configuration.edge()));
        kernelRange().ifPresent(kernel -> {
            overlap(findings, "instances.ports", configuration.instances().ports(), kernel);
            overlap(findings, "mesh.ports", configuration.mesh().ports(), kernel);
        });
        if (findings.stream().allMatch(finding -> finding.level() == Finding.Level.OK)) {
            findings.add(Finding.ok(
                    "ports",
                    "instances " + configuration.instances().ports() + ", mesh "
                            + configuration.mesh().ports()));
        }
        return findings;
    }

    private static void overlap(
            List<Finding> findings, String key, Configuration.Ports ports, Configuration.Ports kernel) {
        if (ports.overlaps(kernel)) {
            findings.add(Finding.warning(
                    "ports",
                    key + " " + ports + " overlap the kernel's ephemeral ports (" + kernel + ")",
                    "Choose other ports for " + key + ", or reserve them: sysctl net.ipv4.ip_local_reserved_ports="
                            + ports));
        }
    }

    private static Optional<Configuration.Ports> kernelRange() {
        // Read at once: such a file gives nothing more to whoever comes back for the rest.
        try (InputStream in = Files.newInputStream(LOCAL_PORTS)) {
            byte[] line = new byte[64];
            int length = Math.max(0, in.read(line));
            String[] words = new String(line, 0, length, StandardCharsets.US_ASCII)
                    .strip()
                    .split("\\s+", -1);
            return words.length < 2
                    ? Optional.empty()
                    : Optional.of(new Configuration.Ports(Integer.parseInt(words[0]), Integer.parseInt(words[1])));
        } catch (IOException | NumberFormatException notLinux) {
            return Optional.empty();
        }
    }

    List<Finding> pool() {
        String pool = configuration.network().pool();
        List<String> own = new ArrayList<>();
        for (Network network : examined.engine().observe().networks()) {
            own.add(network.subnet());
        }
        List<String> clashes = new ArrayList<>();
        for (Route route : routes()) {
            if (route.overlaps(pool) && !own.contains(route.network())) {
                clashes.add(route.network() + " on " + route.device());
            }
        }
        if (clashes.isEmpty()) {
            return List.of(Finding.ok("network", "pool " + pool + " is free, " + own.size() + " networks in use"));
        }
        return List.of(Finding.warning(
                "network",
                "network.pool " + pool + " overlaps the route " + String.join(", ", clashes),
                "Set network.pool to addresses that are not used on this machine."));
    }

    private static List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(ROUTES)) {
                String[] words = line.split("\\s+", -1);
                // Iface Destination Gateway Flags RefCnt Use Metric Mask …, addresses in hex, lowest byte first.
                if (words.length > 7 && !words[0].equals("Iface")) {
                    long address = Route.reversed(Long.parseLong(words[1], 16));
                    int bits = Long.bitCount(Long.parseLong(words[7], 16));
                    if (bits > 0) {
                        routes.add(new Route(words[0], address, bits));
                    }
                }
            }
        } catch (IOException | NumberFormatException notLinux) {
            return List.of();
        }
        return routes;
    }

    /** A packet filter that keeps containers from the mesh. */
    List<Finding> firewall() {
        return new MeshCheck(examined).find(Optional.empty()).stream().toList();
    }

    /** A route to a network. */
    record Route(String device, long address, int bits) {
        String network() {
            return (address >> 24 & 255) + "." + (address >> 16 & 255) + "." + (address >> 8 & 255) + "."
                    + (address & 255) + "/" + bits;
        }

        /** Whether it has addresses in common with an IPv4 network in CIDR form. */
        boolean overlaps(String cidr) {
            int slash = cidr.indexOf('/');
            int otherBits = Integer.parseInt(cidr.substring(slash + 1));
            long other = 0;
            for (String part : cidr.substring(0, slash).split("\\.", -1)) {
                other = other << 8 | Integer.parseInt(part);
            }
            int shift = 32 - Math.min(bits, otherBits);
            return address >> shift == other >> shift;
        }

        static long reversed(long value) {
            return (value & 255) << 24 | (value >> 8 & 255) << 16 | (value >> 16 & 255) << 8 | (value >> 24 & 255);
        }
    }
}
