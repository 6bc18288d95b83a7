package org.portolan.importer.compose;

import java.util.Set;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.ServiceDraft;

/** How the services of a Compose file reach each other. In a Servicefile they share one network, in which they have names. */
final class ComposeNetworks {
    private final ComposeContext context;

    ComposeNetworks(ComposeContext context) {
        this.context = context;
    }

    void containerName(Cursor name, ServiceDraft service) {
        String text = context.variables().resolved(name);
        if (text.matches("[A-Za-z0-9][A-Za-z0-9_.-]*")) {
            context.alias(service, text);
        } else {
            name.lost("Portolan names containers");
        }
    }

    void mode(Cursor mode, ServiceDraft service) {
        String text = context.variables().resolved(mode);
        switch (text) {
            case "host", "none" -> service.keys().map("network").put("mode", text);
            case "bridge" -> mode.changed("Docker's default bridge is the deployment's network here");
            default -> mode.lost("a container cannot share the network of another; services find each other by name");
        }
    }

    void networks(Cursor networks, ServiceDraft service) {
        for (Cursor item : networks.isMap() ? Set.<Cursor>of() : networks.items()) {
            network(item.text());
        }
        for (Cursor.Pair pair : networks.entries()) {
            pair.value().use();
            network(pair.key());
            Cursor aliases = pair.value().get("aliases");
            if (aliases != null) {
                aliases.items()
                        .forEach(alias ->
                                context.alias(service, context.variables().resolved(alias)));
            }
            for (String key : Set.of("ipv4_address", "ipv6_address", "link_local_ips", "mac_address")) {
                Cursor address = pair.value().get(key);
                if (address != null) {
                    address.lost("containers get their addresses from the engine; find them by name");
                }
            }
            for (String key : Set.of("priority", "gw_priority", "interface_name", "driver_opts")) {
                Cursor option = pair.value().get(key);
                if (option != null) {
                    option.lost("a deployment has one network");
                }
            }
        }
    }

    private void network(String name) {
        context.usesNetwork(name);
    }

    /** The networks at the top of the file. */
    void defined(Cursor networks) {
        for (Cursor.Pair pair : networks.entries()) {
            Cursor external = pair.value().get("external");
            Cursor internal = pair.value().get("internal");
            boolean other = external != null && !external.peek().equals("false");
            if (other) {
                pair.value()
                        .lost(
                                "only networks of Portolan's deployments can be joined: network: {join: [DEPLOYMENT]}, if one"
                                        + " has what is in it; else reach that through its domain, or extra_hosts");
            } else if (pair.value().isNull()) {
                pair.value().use();
            } else if (internal != null && internal.peek().equals("true")) {
                pair.value().lost("the deployment's network leads outside: an internal one has no counterpart");
            } else {
                pair.value().lost("each deployment has a network, which Portolan makes");
            }
        }
        if (context.networksUsed().size() > 1) {
            networks.changed("all services of a deployment share one network; in the Compose file they are in "
                    + String.join(", ", context.networksUsed()));
        }
    }
}
