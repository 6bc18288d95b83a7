package org.portolan.importer.marathon;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.EnvDrafts;
import org.portolan.importer.draft.MacroText;
import org.portolan.importer.draft.Mounts;
import org.portolan.importer.draft.Naming;
import org.portolan.importer.draft.Part;
import org.portolan.importer.draft.PortDrafts;
import org.portolan.importer.draft.RunOptions;
import org.portolan.importer.draft.ServiceDraft;
import org.portolan.servicefile.format.Names;

/** The container of an app: its image, network, ports and mounts. */
final class MarathonContainer {
    private final EnvDrafts env;
    private final PortDrafts ports;
    private final List<String> byIndex;

    /**
     * Translates nothing yet.
     *
     * @param byIndex gets the ports in their order, by which checks and labels name them
     */
    MarathonContainer(EnvDrafts env, PortDrafts ports, List<String> byIndex) {
        this.env = env;
        this.ports = ports;
        this.byIndex = byIndex;
    }

    void translate(@Nullable Cursor container, Cursor app, ServiceDraft service) {
        if (container == null) {
            return;
        }
        Cursor docker = container.get("docker");
        Cursor type = container.get("type");
        if (type != null && (type.peek().equals("DOCKER") || type.peek().equals("MESOS"))) {
            type.use();
        }
        mounts(container.get("volumes"), service);
        Cursor below = docker == null ? null : docker.get("portMappings");
        Cursor mappings = below == null ? container.get("portMappings") : below;
        boolean host = network(docker, app, service);
        if (mappings != null) {
            for (Cursor mapping : mappings.items()) {
                mapping(mapping, host);
            }
        }
        if (docker == null) {
            return;
        }
        Cursor image = docker.get("image");
        if (image != null) {
            String reference = MacroText.fill(image.text());
            String fault = reference.contains("%%") ? null : Names.checkImage(reference);
            service.keys().put("image", fault == null ? reference : "invalid");
            if (fault != null) {
                image.toDo("not a valid image: " + fault);
            }
        }
        if (isTrue(docker.get("forcePullImage"))) {
            service.keys().put("pull", "always");
        }
        if (isTrue(docker.get("privileged"))) {
            service.keys().put("privileged", Part.plain(true));
        }
        Cursor parameters = docker.get("parameters");
        if (parameters != null) {
            RunOptions run = new RunOptions(env, ports);
            for (Cursor item : parameters.items()) {
                Cursor key = item.get("key");
                Cursor value = item.get("value");
                if (key != null) {
                    run.translate(key.text(), value == null ? "true" : value.text(), item, service);
                }
            }
        }
    }

    /** A switch; what it is not is left over, and so reported, when it is neither true nor false. */
    private static boolean isTrue(@Nullable Cursor value) {
        if (value != null && (value.peek().equals("true") || value.peek().equals("false"))) {
            return value.text().equals("true");
        }
        return false;
    }

    private static boolean network(@Nullable Cursor docker, Cursor app, ServiceDraft service) {
        Cursor old = docker == null ? null : docker.get("network");
        List<Cursor> modes = new ArrayList<>();
        if (old != null) {
            modes.add(old);
        }
        Cursor networks = app.get("networks");
        if (networks != null) {
            networks.items().forEach(item -> {
                Cursor mode = item.get("mode");
                if (mode != null) {
                    modes.add(mode);
                }
            });
        }
        boolean host = false;
        for (Cursor mode : modes) {
            String word = mode.text().toUpperCase(java.util.Locale.ROOT);
            switch (word) {
                case "HOST" -> {
                    host = true;
                    service.keys().map("network").put("mode", "host");
                }
                case "BRIDGE", "CONTAINER/BRIDGE" -> mode.use();
                case "NONE" -> service.keys().map("network").put("mode", "none");
                default -> mode.lost("each deployment has a network; services find each other by name");
            }
        }
        return host;
    }

    private void mapping(Cursor mapping, boolean host) {
        Cursor container = mapping.get("containerPort");
        String port = container == null ? "0" : MacroText.fill(container.text());
        Cursor protocol = mapping.get("protocol");
        String word = protocol == null ? "tcp" : protocol.text();
        if (word.equals("udp,tcp") || word.equals("tcp,udp")) {
            datagrams(mapping, port, host);
        } else if (word.equals("udp")) {
            datagrams(mapping, port, host);
            byIndex.add("");
            return;
        } else if (!word.equals("tcp")) {
            mapping.lost("unknown protocol: " + word);
            byIndex.add("");
            return;
        }
        Cursor name = mapping.get("name");
        String named = port.equals("0") ? "assign" : port;
        if (named.equals("assign") && ports.has(named)) {
            mapping.lost("a service has one port that Portolan assigns: give this one a number");
            byIndex.add("");
            return;
        }
        if (name != null && !name.peek().isEmpty()) {
            ports.listen(named, MacroText.fill(name.text()));
        } else {
            ports.listen(named);
        }
        byIndex.add(named);
        Cursor fixed = mapping.get("hostPort");
        if (fixed != null) {
            String number = MacroText.fill(fixed.text());
            if (!number.equals("0") && !host) {
                ports.publish(":" + number, named);
                if (number.equals("80")) {
                    fixed.changed(RunOptions.PORT_80);
                }
            }
        }
        Cursor service = mapping.get("servicePort");
        if (service != null && service.peek().equals("0")) {
            service.use();
        }
    }

    /** A UDP port: the engine publishes it, and only on a fixed port. */
    private void datagrams(Cursor mapping, String port, boolean host) {
        Cursor fixed = mapping.get("hostPort");
        String number = fixed == null ? "0" : MacroText.fill(fixed.text());
        if (port.equals("0")) {
            mapping.lost("a UDP port has a number in the container");
        } else if (number.equals("0") || host) {
            ports.listen(port + "/udp");
            mapping.changed("a UDP port is published on a fixed port of the host only: add wan_map");
        } else {
            ports.publish(":" + number + "/udp", port + "/udp");
        }
    }

    /** The ports of an app in the host's network. */
    void portDefinitions(Cursor app) {
        Cursor definitions = app.get("portDefinitions");
        if (definitions != null) {
            for (Cursor definition : definitions.items()) {
                Cursor port = definition.get("port");
                Cursor name = definition.get("name");
                String number = port == null || port.peek().equals("0") ? "assign" : MacroText.fill(port.peek());
                if (port != null) {
                    port.use();
                }
                Cursor protocol = definition.get("protocol");
                if (protocol != null && !protocol.peek().equals("tcp")) {
                    definition.lost("a UDP port in the host's network needs no declaration");
                    byIndex.add("");
                } else if (number.equals("assign") && ports.has(number)) {
                    definition.lost("a service has one port that Portolan assigns: give this one a number");
                    byIndex.add("");
                } else {
                    if (protocol != null) {
                        protocol.use();
                    }
                    if (name == null) {
                        ports.listen(number);
                    } else {
                        ports.listen(number, name.text());
                    }
                    byIndex.add(number);
                }
            }
        }
    }

    private static void mounts(@Nullable Cursor volumes, ServiceDraft service) {
        if (volumes == null) {
            return;
        }
        for (Cursor volume : volumes.items()) {
            Cursor target = volume.get("containerPath");
            Cursor source = volume.get("hostPath");
            Cursor mode = volume.get("mode");
            if (target == null) {
                continue;
            }
            if (mode != null && !mode.peek().equals("RO") && !mode.peek().equals("RW")) {
                mode.lost("expected RO or RW");
            }
            String path = target.text();
            String from = source == null ? "" : source.text();
            String end = mode != null && mode.text().equals("RO") ? ":ro" : "";
            if (from.isEmpty()) {
                Mounts.write(
                        Naming.name(path, "data") + ":" + (path.startsWith("/") ? path : "/" + path) + end,
                        volume,
                        service);
            } else {
                Mounts.write(from + ":" + path + end, volume, service);
            }
        }
    }
}
