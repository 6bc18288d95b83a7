package org.portolan.engine.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.engine.EngineException;
import org.portolan.engine.EngineException.Reason;
import org.portolan.engine.docker.Calls.Answer;
import org.portolan.model.container.Network;
import org.portolan.model.container.NetworkSpec;
import org.portolan.model.container.VolumeSpec;
import org.portolan.model.labels.Labels;

/** Networks and volumes. */
final class Networks {
    private static final Path ROUTES = Path.of("/proc/net/route");

    private static final int ENOUGH = 256;

    private final Calls calls;

    Networks(Calls calls) {
        this.calls = calls;
    }

    private static String what(NetworkSpec spec) {
        return "cannot create the network " + spec.name();
    }

    /** See {@link org.portolan.engine.Engine#requireNetwork}. */
    void require(NetworkSpec spec) {
        DockerJson all = calls.get("cannot list networks", "/networks");
        if (named(all, spec).isEmpty() && free(spec, all).isEmpty()) {
            throw full(spec);
        }
    }

    /** The lowest subnets of the pool that nothing known overlaps; more than a few are not looked for. */
    private List<Subnet> free(NetworkSpec spec, DockerJson all) {
        Subnet pool = Subnet.parse(spec.pool())
                .filter(range -> range.prefix() <= spec.prefix() && spec.prefix() <= 30)
                .orElseThrow(() -> new EngineException(
                        Reason.REFUSED,
                        what(spec) + ": the pool " + spec.pool() + " has no subnets of size /" + spec.prefix(),
                        Optional.empty()));
        List<Subnet> taken = taken(all);
        List<Subnet> free = new ArrayList<>();
        long end = pool.first() + pool.size();
        for (long first = pool.first(); first < end && free.size() < ENOUGH; first += 1L << (32 - spec.prefix())) {
            Subnet subnet = new Subnet(first, spec.prefix());
            if (!overlapsAny(subnet, taken)) {
                free.add(subnet);
            }
        }
        return free;
    }

    private static EngineException full(NetworkSpec spec) {
        return new EngineException(
                        Reason.IN_USE,
                        what(spec) + ": no free subnet of size /" + spec.prefix() + " is left in " + spec.pool(),
                        Optional.empty())
                .withHint("remove unused networks (docker network prune), or configure a larger network.pool");
    }

    Network ensure(NetworkSpec spec) {
        String what = what(spec);
        DockerJson all = calls.get("cannot list networks", "/networks");
        Optional<Network> present = named(all, spec);
        if (present.isPresent()) {
            return present.get();
        }
        for (Subnet subnet : free(spec, all)) {
            Answer answer = calls.send("POST", "/networks/create", body(spec, subnet), calls.deadline());
            if (answer.status() == 409) {
                // Somebody was quicker; perhaps another run of ours.
                return named(calls.get("cannot list networks", "/networks"), spec)
                        .orElseThrow(() -> EngineFailures.refused(what, answer.status(), answer.message()));
            }
            if (!answer.message().contains("overlaps")) {
                String id = calls.require(what, answer).at("Id").text();
                return new Network(id, spec.name(), spec.labels(), subnet.toString(), subnet.gateway());
            }
        }
        throw full(spec);
    }

    private static Optional<Network> named(DockerJson all, NetworkSpec spec) {
        for (DockerJson item : all.items()) {
            if (item.at("Name").text().equals(spec.name())) {
                Network network = read(item);
                String owner = network.labels().getOrDefault(Labels.INSTALLATION, "");
                if (owner.equals(spec.labels().getOrDefault(Labels.INSTALLATION, ""))) {
                    return Optional.of(network);
                }
                String whose = owner.isEmpty() ? "is not managed by Portolan" : "belongs to installation " + owner;
                throw new EngineException(
                                Reason.CONFLICT,
                                "cannot create the network " + spec.name() + ": a network of that name " + whose,
                                Optional.empty())
                        .withHint("docker network inspect " + spec.name()
                                + " shows it; remove it, or rename the deployment");
            }
        }
        return Optional.empty();
    }

    private static Map<String, Object> body(NetworkSpec spec, Subnet subnet) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("Name", spec.name());
        body.put("CheckDuplicate", true);
        body.put("Driver", "bridge");
        body.put("IPAM", Map.of("Config", List.of(Map.of("Subnet", subnet.toString(), "Gateway", subnet.gateway()))));
        body.put("Labels", spec.labels());
        return body;
    }

    /** The subnets of the engine's networks and, when it is this machine's engine, those that this machine routes. */
    private List<Subnet> taken(DockerJson networks) {
        List<Subnet> taken = new ArrayList<>();
        for (DockerJson network : networks.items()) {
            for (DockerJson range : network.at("IPAM").at("Config").items()) {
                Subnet.parse(range.at("Subnet").text()).ifPresent(taken::add);
            }
        }
        if (calls.endpoint().local() && Files.isReadable(ROUTES)) {
            try {
                taken.addAll(routes(Files.readString(ROUTES)));
            } catch (IOException e) {
                // Then the engine's own check is all there is.
            }
        }
        return taken;
    }

    /** Reads the kernel's table of routes (proc(5), /proc/net/route: little-endian hexadecimal); no default routes. */
    static List<Subnet> routes(String table) {
        List<Subnet> routes = new ArrayList<>();
        for (String line : table.split("\n", -1)) {
            String[] columns = line.split("\t", -1);
            if (columns.length < 8 || columns[1].length() != 8 || columns[7].length() != 8) {
                continue;
            }
            try {
                long mask = fromLittleEndian(columns[7].strip());
                if (mask != 0) {
                    routes.add(new Subnet(fromLittleEndian(columns[1].strip()), Long.bitCount(mask)));
                }
            } catch (NumberFormatException header) {
                // The first line names the columns.
            }
        }
        return routes;
    }

    private static long fromLittleEndian(String hexadecimal) {
        return Integer.toUnsignedLong(Integer.reverseBytes(Integer.parseUnsignedInt(hexadecimal, 16)));
    }

    private static boolean overlapsAny(Subnet subnet, List<Subnet> taken) {
        for (Subnet other : taken) {
            if (subnet.overlaps(other)) {
                return true;
            }
        }
        return false;
    }

    void remove(String name) {
        String what = "cannot remove the network " + name;
        Optional<DockerJson> present = calls.find(what, "/networks/" + Calls.encode(name));
        // The engine also takes the beginning of an id for a name: never remove what is called otherwise.
        if (present.filter(network -> network.at("Name").text().equals(name)).isEmpty()) {
            return;
        }
        String id = present.get().at("Id").text();
        Answer answer = calls.send("DELETE", "/networks/" + id, null, calls.deadline());
        if (answer.message().contains("active endpoints")) {
            throw new EngineException(Reason.CONFLICT, what + ": containers still use it", Optional.empty())
                    .withHint("docker network inspect " + name + " shows them");
        }
        if (answer.status() != 404) {
            calls.require(what, answer);
        }
    }

    void connect(String container, String network, List<String> aliases) {
        Answer answer = calls.send(
                "POST",
                "/networks/" + Calls.encode(network) + "/connect",
                Map.of("Container", container, "EndpointConfig", Map.of("Aliases", aliases)),
                calls.deadline());
        if (!answer.message().contains("already exists in network")) {
            calls.require("cannot attach " + container + " to the network " + network, answer);
        }
    }

    void ensureVolume(VolumeSpec volume) {
        calls.require(
                "cannot create the volume " + volume.name(),
                calls.send(
                        "POST",
                        "/volumes/create",
                        Map.of(
                                "Name", volume.name(),
                                "Driver", volume.driver(),
                                "DriverOpts", volume.options(),
                                "Labels", volume.labels()),
                        calls.deadline()));
    }

    void removeVolume(String name) {
        Answer answer = calls.send("DELETE", "/volumes/" + Calls.encode(name), null, calls.deadline());
        if (answer.status() != 404) {
            calls.require("cannot remove the volume " + name, answer);
        }
    }

    /** Reads an item of the list of networks. */
    static Network read(DockerJson item) {
        String subnet = "";
        String gateway = "";
        for (DockerJson range : item.at("IPAM").at("Config").items()) {
            if (subnet.isEmpty() || Subnet.parse(range.at("Subnet").text()).isPresent()) {
                subnet = range.at("Subnet").text();
                gateway = range.at("Gateway").text();
            }
        }
        return new Network(
                item.at("Id").text(), item.at("Name").text(), item.at("Labels").texts(), subnet, gateway);
    }
}
