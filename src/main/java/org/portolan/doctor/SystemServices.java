package org.portolan.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.portolan.config.Configuration;
import org.portolan.model.Remedy;
import org.portolan.model.routing.ProxyListener;
import org.portolan.process.Listeners;
import org.portolan.process.ListeningSockets;
import org.portolan.process.SystemService;

/**
 * Services of the system that hold ports of the edge, or those that a website usually has. Debian starts its nginx and
 * haproxy when their packages are installed, although Portolan starts its own processes of both.
 */
final class SystemServices {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private SystemServices() {}

    /** How to turn off the service that has a listener's port; empty when none has it. */
    static Optional<String> turnOff(ProxyListener wanted) {
        return ListeningSockets.read().against(wanted.address(), wanted.port()).stream()
                .flatMap(socket -> ListeningSockets.service(socket).stream())
                .findFirst()
                .map(service -> "Turn off " + service + " if nothing needs it: " + service.turnOff());
    }

    /** Services on ports 80 and 443 that the edge does not use: they are fine there, and in the way when it shall. */
    static List<Finding> onWebPorts(
            List<ListeningSockets.Socket> sockets,
            Function<ListeningSockets.Socket, Optional<SystemService>> serviceOf,
            List<ProxyListener> own,
            Configuration.Edge edge) {
        TreeMap<String, List<String>> found = new TreeMap<>();
        TreeMap<String, SystemService> services = new TreeMap<>();
        for (ListeningSockets.Socket socket : sockets) {
            boolean web = socket.port() == HTTP || socket.port() == HTTPS;
            if (web && own.stream().noneMatch(listener -> listener.port() == socket.port())) {
                serviceOf.apply(socket).ifPresent(service -> {
                    services.put(service.name(), service);
                    found.computeIfAbsent(service.name(), name -> new ArrayList<>())
                            .add(Listeners.shown(socket.address(), socket.port()));
                });
            }
        }
        List<Finding> findings = new ArrayList<>();
        services.forEach((name, service) -> findings.add(new Finding(
                Finding.Level.OK,
                "ports",
                "the system's service " + name + " listens on "
                        + String.join(", ", found.getOrDefault(name, List.of())) + "; the edge uses " + edge.http()
                        + " and " + edge.https(),
                Optional.of(Remedy.of("If the edge should serve there, turn it off (" + service.turnOff()
                        + "), and set edge.http and edge.https.")))));
        return findings;
    }
}
