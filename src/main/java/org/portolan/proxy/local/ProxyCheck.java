package org.portolan.proxy.local;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.routing.ProxyDefect;
import org.portolan.model.routing.ProxyDefect.Subject;
import org.portolan.process.Listeners;
import org.portolan.process.ListeningSockets;
import org.portolan.proxy.haproxy.Haproxy;
import org.portolan.proxy.nginx.Nginx;
import org.portolan.routing.Frontend;
import org.portolan.routing.ProxySettings;
import org.portolan.routing.RoutingTable;

/** Compares what should listen by settings and routing with what listens by the kernel. */
final class ProxyCheck {
    private static final int FEW = 3;

    private final ProxySettings settings;
    private final Haproxy haproxy;
    private final Nginx nginx;
    private final Optional<Integer> routerPort;

    ProxyCheck(ProxySettings settings, Haproxy haproxy, Nginx nginx, Optional<Integer> routerPort) {
        this.settings = settings;
        this.haproxy = haproxy;
        this.nginx = nginx;
        this.routerPort = routerPort;
    }

    /**
     * What is not as it should be.
     *
     * @param changed settings that came after the last change
     * @param sockets what listens: the kernel takes a while to tell, so it is asked once for all questions of one look
     */
    List<ProxyDefect> find(RoutingTable table, List<String> changed, ListeningSockets sockets) {
        List<ProxyDefect> defects = new ArrayList<>();
        if (!haproxy.running()) {
            defects.add(haproxy.anyProcess()
                    .map(pid -> ProxyDefect.repairable(
                            Subject.MESH,
                            "HAProxy (process " + pid + ") is running but does not answer",
                            "replace HAProxy"))
                    .orElse(ProxyDefect.down(Subject.MESH, "HAProxy is not running", "start HAProxy")));
        } else {
            findMissing(table, sockets, defects);
        }
        if (nginx.running(sockets)) {
            defects.addAll(nginx.defects(sockets));
        } else {
            defects.add(ProxyDefect.down(Subject.EDGE, "nginx is not running", "start nginx"));
        }
        for (String change : changed) {
            defects.add(ProxyDefect.repairable(
                    Subject.SETTINGS, change + " is not applied yet", "reload the proxies with it"));
        }
        return defects;
    }

    private void findMissing(RoutingTable table, ListeningSockets sockets, List<ProxyDefect> defects) {
        if (!sockets.known()) {
            return;
        }
        Set<Frontend.Bind> missing = missing(table, sockets);
        if (missing.isEmpty()) {
            return;
        }
        Set<String> present = ProxyLayout.addresses();
        SortedMap<String, List<Frontend.Bind>> absent = new TreeMap<>();
        List<Frontend.Bind> here = new ArrayList<>();
        for (Frontend.Bind bind : missing) {
            if (bind.any() || ProxyLayout.isHere(bind.bare(), present)) {
                here.add(bind);
            } else {
                absent.computeIfAbsent(bind.bare(), address -> new ArrayList<>())
                        .add(bind);
            }
        }
        if (!here.isEmpty()) {
            defects.add(
                    ProxyDefect.repairable(Subject.MESH, "HAProxy does not listen on " + some(here), "reload HAProxy"));
        }
        absent.forEach((address, binds) -> defects.add(ProxyDefect.forPeople(
                Subject.MESH,
                "the address " + address + " is not on this machine; HAProxy does not listen on " + some(binds),
                "restore the address (check that the engine is running, and mesh.address); the next command then listens"
                        + " there")));
    }

    private static String some(List<Frontend.Bind> binds) {
        List<String> shown = new ArrayList<>();
        for (Frontend.Bind bind : binds) {
            if (shown.size() < FEW) {
                shown.add(bind.toString());
            }
        }
        return String.join(", ", shown) + (binds.size() > FEW ? " and " + (binds.size() - FEW) + " more" : "");
    }

    /** What HAProxy should listen on, and does not. */
    private Set<Frontend.Bind> missing(RoutingTable table, ListeningSockets sockets) {
        Set<Frontend.Bind> wanted = new LinkedHashSet<>();
        routerPort.ifPresent(port -> wanted.add(new Frontend.Bind("127.0.0.1", port)));
        wanted.addAll(
                binds(settings.statistics().addresses(), settings.statistics().port()));
        table.frontends().forEach(frontend -> wanted.addAll(frontend.binds()));
        keepMissing(wanted, sockets);
        return wanted;
    }

    private static List<Frontend.Bind> binds(List<String> addresses, int port) {
        return addresses.stream()
                .map(address -> new Frontend.Bind(Listeners.bracketed(address), port))
                .toList();
    }

    /** Whether HAProxy lacks one of a port's listeners. */
    boolean missing(List<String> addresses, int port) {
        ListeningSockets sockets = ListeningSockets.read();
        Set<Frontend.Bind> wanted = new LinkedHashSet<>(binds(addresses, port));
        keepMissing(wanted, sockets);
        return sockets.known() && !wanted.isEmpty();
    }

    private void keepMissing(Set<Frontend.Bind> wanted, ListeningSockets sockets) {
        Set<String> held = new HashSet<>();
        for (ListeningSockets.Socket socket : held(sockets)) {
            held.add(Listeners.shown(socket.address(), socket.port()));
        }
        wanted.removeIf(bind -> held.contains(Listeners.shown(Listeners.canonical(bind.bare()), bind.port())));
    }

    /** Where the workers' files are closed to us, what listens is taken for theirs. */
    private Iterable<ListeningSockets.Socket> held(ListeningSockets sockets) {
        Set<ListeningSockets.Socket> held = haproxy.held(sockets);
        return held.isEmpty() ? sockets.all() : held;
    }

    /** Why an address and port cannot be used; empty when they can, or these proxies use them already. */
    Optional<String> obstacle(String address, int port) {
        Optional<String> obstacle = Listeners.refusal(address, port);
        if (obstacle.isEmpty()) {
            return obstacle;
        }
        ListeningSockets sockets = ListeningSockets.read();
        List<ListeningSockets.Socket> others = new ArrayList<>(sockets.against(address, port));
        // Mostly it is those that serve; to find every process of both means to look at each of the machine's.
        Set<ListeningSockets.Socket> own = new HashSet<>(haproxy.held(sockets));
        nginx.pid().flatMap(sockets::heldBy).ifPresent(own::addAll);
        if (!others.isEmpty() && own.containsAll(others)) {
            return Optional.empty();
        }
        List<Long> processes = new ArrayList<>(haproxy.processes());
        processes.addAll(nginx.processes());
        for (long process : processes) {
            sockets.heldBy(process).ifPresent(own::addAll);
        }
        boolean ours = !others.isEmpty() && own.containsAll(others);
        others.removeAll(own);
        if (ours) {
            return Optional.empty();
        }
        return others.isEmpty()
                ? obstacle
                : Optional.of(Listeners.heldBy(others.getFirst(), ListeningSockets.holder(others.getFirst())));
    }
}
