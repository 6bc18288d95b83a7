package org.portolan.proxy.local;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.model.routing.ProxyDefect;
import org.portolan.model.routing.ProxyDefect.Subject;
import org.portolan.process.ExclusiveLock;
import org.portolan.process.ListeningSockets;
import org.portolan.routing.RoutingTable;

/** Finds what is not as it should be, by files, kernel and the proxies' own word. */
final class DefectFinder {
    private static final Duration REST = Duration.ofSeconds(3);

    private final LocalPrograms programs;
    private final ProxyLayout layout;
    private final RouteSetFiles parts;

    DefectFinder(LocalPrograms programs, RouteSetFiles parts) {
        this.programs = programs;
        layout = programs.layout;
        this.parts = parts;
    }

    /**
     * What can be repaired.
     *
     * @param locked whether the caller holds the lock
     */
    List<ProxyDefect> repairs(boolean locked) {
        return found(parts.all(), locked).stream()
                .filter(defect -> defect.repair().isPresent())
                .toList();
    }

    /** @param locked whether the caller holds the lock */
    List<ProxyDefect> found(RouteSetFiles.Applied applied, boolean locked) {
        boolean made = Files.isDirectory(layout.folder());
        RoutingTable table = applied.table();
        // Kernel and processes are asked while the proxies say what they serve: the two take the same time.
        Asked<Processes> asked = Asked.of("listeners", () -> processes(table, made));
        // What an earlier version made has other files; it is brought to the present ones without a word.
        boolean current = made && programs.current();
        List<ProxyDefect> serving = current ? serving(table) : List.of();
        Processes processes = asked.answer();
        List<ProxyDefect> found = new ArrayList<>(processes.defects());
        found.addAll(parts.defects(applied));
        if (current && processes.running()) {
            found.addAll(locked ? serving : atRest(serving));
        }
        return found;
    }

    /**
     * What is seen of the proxies from outside.
     *
     * @param running whether both run; what they serve is nothing otherwise
     */
    private record Processes(List<ProxyDefect> defects, boolean running) {}

    private Processes processes(RoutingTable table, boolean made) {
        ListeningSockets sockets = ListeningSockets.read();
        List<ProxyDefect> defects =
                programs.check().find(table, made ? layout.changed(programs.settings) : List.of(), sockets);
        return new Processes(
                defects, made && programs.haproxy.running() && programs.nginx().running(sockets));
    }

    /**
     * While another process changes the proxies they are ahead of what is written: what differs then is looked at again
     * when it has ended. One that takes long has not, and brings about itself what it changes.
     */
    private List<ProxyDefect> atRest(List<ProxyDefect> first) {
        if (first.isEmpty()) {
            return first;
        }
        Optional<ExclusiveLock> rest = ExclusiveLock.tryHold(layout.lock(), REST);
        try {
            return rest.isPresent() ? serving(parts.all().table()) : List.of();
        } finally {
            rest.ifPresent(ExclusiveLock::close);
        }
    }

    private List<ProxyDefect> serving(RoutingTable table) {
        List<ProxyDefect> found = new ArrayList<>();
        if (programs.brokenOff()) {
            found.add(ProxyDefect.repairable(
                    Subject.MESH,
                    "a change of the proxies was interrupted",
                    "reload them with the routes applied last"));
        }
        programs.haproxy.altered().ifPresent(found::add);
        programs.nginx().altered().ifPresent(found::add);
        if (table.logs()) {
            programs.accessLog()
                    .trouble()
                    .ifPresent(trouble -> found.add(ProxyDefect.forPeople(
                            Subject.EDGE,
                            trouble,
                            "the next deploy makes the file again, if its folder can be written")));
        }
        found.addAll(new ServingCheck(programs.haproxy, programs.nginx()).find(table, layout.key()));
        return found;
    }
}
