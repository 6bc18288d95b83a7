package org.portolan.proxy.local;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.portolan.model.routing.ProxyCapacity;
import org.portolan.model.routing.ProxyListener;
import org.portolan.process.Listeners;
import org.portolan.proxy.nginx.Nginx;
import org.portolan.routing.ProxySettings;

/** Says what the proxies of this machine are: where they listen, whether they run, what they carry. */
final class ProxyReport {
    private final LocalPrograms programs;
    private final ProxySettings settings;
    private final ProxyLayout layout;

    ProxyReport(LocalPrograms programs) {
        this.programs = programs;
        settings = programs.settings;
        layout = programs.layout;
    }

    List<ProxyListener> own() {
        List<ProxyListener> own = new ArrayList<>();
        for (String address : settings.edge().addresses()) {
            own.add(new ProxyListener(address, settings.edge().http(), "the edge's HTTP port", "edge.http"));
            own.add(new ProxyListener(address, settings.edge().https(), "the edge's HTTPS port", "edge.https"));
        }
        for (String address : settings.statistics().addresses()) {
            own.add(new ProxyListener(address, settings.statistics().port(), "HAProxy's statistics", "stats.port"));
        }
        layout.knownRouterPort()
                .ifPresent(port ->
                        own.add(new ProxyListener("127.0.0.1", port, "the port between nginx and HAProxy", "")));
        return own;
    }

    List<String> describe() {
        Nginx seen = programs.looker();
        boolean started = Files.isDirectory(layout.folder());
        if (!started && programs.haproxy.anyProcess().isEmpty() && seen.pid().isEmpty()) {
            return List.of("haproxy  not started yet", "nginx    not started yet");
        }
        List<String> lines = new ArrayList<>(List.of(programs.haproxy.describe(), seen.describe()));
        if (!started) {
            lines.add(layout.folder() + " is missing while they are running; portolan system up replaces them");
        } else if (programs.haproxy.running()) {
            lines.add(statistics());
        }
        for (ProxyCapacity capacity : capacities()) {
            lines.add("capacity  " + capacity.text());
            capacity.troubles().forEach(trouble -> lines.add("warning   " + trouble));
        }
        return lines;
    }

    private String statistics() {
        ProxySettings.Statistics statistics = settings.statistics();
        if (programs.check().missing(statistics.addresses(), statistics.port())) {
            return "statistics  not listening";
        }
        String password = statistics.password().isPresent()
                ? "the configured password"
                : "the password in " + layout.folder().resolve("secret-statistics");
        return "statistics  http://" + Listeners.shown(statistics.nearest(), statistics.port())
                + "/ and /metrics, user " + statistics.user() + ", " + password;
    }

    List<ProxyCapacity> capacities() {
        List<ProxyCapacity> all = new ArrayList<>();
        layout.knownOpenFiles().ifPresent(decided -> {
            programs.haproxy.capacity(decided).ifPresent(all::add);
            programs.nginx().capacity(decided).ifPresent(all::add);
        });
        return all;
    }
}
