package org.portolan.proxy.local;

import static java.util.stream.Collectors.partitioningBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.portolan.model.routing.ProxyDefect;
import org.portolan.proxy.haproxy.Haproxy;
import org.portolan.proxy.nginx.Nginx;
import org.portolan.routing.RouteMaps;
import org.portolan.routing.RoutingTable;

/**
 * Compares what the proxies serve, by their own word, with the routing: HAProxy's servers and maps, and how nginx treats
 * each name. Both are asked at the same time.
 */
final class ServingCheck {
    /** As many lines for each proxy; a lost folder makes one for each domain. */
    private static final int FEW = 5;

    private final Haproxy haproxy;
    private final Nginx nginx;

    ServingCheck(Haproxy haproxy, Nginx nginx) {
        this.haproxy = haproxy;
        this.nginx = nginx;
    }

    List<ProxyDefect> find(RoutingTable table, RouteMaps maps) {
        CompletableFuture<List<String>> edge = new CompletableFuture<>();
        // Not a virtual one: its poller would keep the JVM from ending for 300 ms.
        Thread.ofPlatform().daemon().name("edge").start(() -> {
            try {
                edge.complete(nginx.differences(table));
            } catch (RuntimeException failed) {
                edge.completeExceptionally(failed);
            }
        });
        List<ProxyDefect> found = new ArrayList<>();
        add(haproxy.differences(table, maps), "update HAProxy's servers and maps", found);
        Map<Boolean, List<String>> names =
                edge.join().stream().collect(partitioningBy(line -> line.startsWith("HAProxy ")));
        add(names.getOrDefault(true, List.of()), "reload HAProxy", found);
        add(names.getOrDefault(false, List.of()), "write the files of the domains again", found);
        return found;
    }

    private static void add(List<String> lines, String repair, List<ProxyDefect> found) {
        int shown = lines.size() <= FEW ? lines.size() : FEW - 1;
        lines.subList(0, shown).forEach(line -> found.add(new ProxyDefect(line, Optional.of(repair))));
        if (shown < lines.size()) {
            found.add(new ProxyDefect(
                    "and " + (lines.size() - shown) + " more, such as: " + lines.getLast(), Optional.of(repair)));
        }
    }
}
