package org.portolan.engine.docker;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.portolan.model.container.Container;
import org.portolan.model.container.Network;
import org.portolan.model.container.Observation;
import org.portolan.model.container.VolumeSpec;
import org.portolan.model.labels.Labels;

/** Sees in three calls what an engine holds. */
final class Observer {
    /** {@code {"label":["org.portolan.installation"]}}, encoded. */
    private static final String OURS = "filters=" + Calls.encode("{\"label\":[\"" + Labels.INSTALLATION + "\"]}");

    private final Calls calls;

    Observer(Calls calls) {
        this.calls = calls;
    }

    Observation observe() {
        // Over tcp each call costs a journey; over a unix socket starting threads would cost more than the calls.
        if (!calls.endpoint().local()) {
            calls.version();
            Aside<DockerJson> networks = Aside.of(this::networks);
            Aside<DockerJson> volumes = Aside.of(this::volumes);
            DockerJson containers = containers();
            return observation(containers, networks.get(), volumes.get());
        }
        return observation(containers(), networks(), volumes());
    }

    /** The containers of {@link #observe()}, in one call that asks for no others: each costs the engine time. */
    List<Container> listed() {
        return listed(OURS);
    }

    /**
     * Those with one of these ids, in one call that asks for them alone. Docker finds them in an index; names it would take for
     * regular expressions, and compile each of them for each of its containers.
     */
    List<Container> listed(Set<String> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        String quoted = ids.stream().map(id -> "\"" + id + "\"").collect(Collectors.joining(","));
        return listed("filters=" + Calls.encode("{\"id\":[" + quoted + "]}"));
    }

    private List<Container> listed(String filter) {
        DockerJson found = calls.get("cannot list containers", "/containers/json?all=1&" + filter);
        return observation(found, DockerJson.NOTHING, DockerJson.NOTHING).containers();
    }

    /** All containers, since the names of others' count too. */
    private DockerJson containers() {
        return calls.get("cannot list containers", "/containers/json?all=1");
    }

    private DockerJson networks() {
        return calls.get("cannot list networks", "/networks?" + OURS);
    }

    /** See {@link org.portolan.engine.Engine#volumeUsers}. */
    SortedMap<String, SortedSet<String>> volumeUsers() {
        SortedMap<String, SortedSet<String>> users = new TreeMap<>();
        for (DockerJson item :
                calls.get("cannot list volumes", "/volumes").at("Volumes").items()) {
            users.put(item.at("Name").text(), new TreeSet<>());
        }
        for (DockerJson item : containers().items()) {
            for (String volume : Containers.volumes(item.at("Mounts")).values()) {
                users.computeIfAbsent(volume, name -> new TreeSet<>()).add(ownName(item));
            }
        }
        return users;
    }

    private DockerJson volumes() {
        return calls.get("cannot list volumes", "/volumes?" + OURS).at("Volumes");
    }

    static Observation observation(DockerJson containers, DockerJson networks, DockerJson volumes) {
        List<Container> ours = new ArrayList<>();
        Set<String> foreign = new HashSet<>();
        for (DockerJson item : containers.items()) {
            if (item.at("Labels").at(Labels.INSTALLATION).exists()) {
                ours.add(listed(item));
            } else {
                for (DockerJson name : item.at("Names").items()) {
                    foreign.add(withoutSlash(name.text()));
                }
            }
        }
        List<Network> nets = new ArrayList<>();
        for (DockerJson item : networks.items()) {
            nets.add(Networks.read(item));
        }
        List<VolumeSpec> vols = new ArrayList<>();
        for (DockerJson item : volumes.items()) {
            vols.add(new VolumeSpec(
                    item.at("Name").text(),
                    item.at("Labels").texts(),
                    item.at("Driver").text(),
                    item.at("Options").texts()));
        }
        return new Observation(ours, nets, vols, foreign);
    }

    static Container listed(DockerJson item) {
        return new Container(
                item.at("Id").text(),
                ownName(item),
                item.at("Labels").texts(),
                Containers.state(item.at("State").text()),
                exitCode(item.at("Status").text()),
                Optional.empty(),
                0,
                false,
                item.at("ImageID").text(),
                Containers.volumes(item.at("Mounts")),
                verdict(item.at("Status").text()),
                "",
                Containers.networks(item));
    }

    /** The list has it in words for people as well: {@code Up 3 seconds (health: starting)}. */
    static Container.Verdict verdict(String status) {
        return status.endsWith("(healthy)")
                ? Container.Verdict.HEALTHY
                : status.endsWith("(unhealthy)")
                        ? Container.Verdict.UNHEALTHY
                        : status.endsWith("(health: starting)") ? Container.Verdict.STARTING : Container.Verdict.NONE;
    }

    /** Legacy links give a container further names of the form {@code /other/alias}. */
    private static String ownName(DockerJson item) {
        String name = "";
        for (DockerJson each : item.at("Names").items()) {
            String text = withoutSlash(each.text());
            if (text.indexOf('/') < 0) {
                name = text;
            }
        }
        return name;
    }

    private static String withoutSlash(String name) {
        return name.startsWith("/") ? name.substring(1) : name;
    }

    /** The list has it only in words for people: {@code Exited (137) 2 hours ago}, {@code Restarting (1) …}. */
    static int exitCode(String status) {
        int open = status.indexOf('(');
        int close = status.indexOf(')', open + 1);
        boolean ended = status.startsWith("Exited (") || status.startsWith("Restarting (");
        if (!ended || close < 0) {
            return 0;
        }
        try {
            return Integer.parseInt(status, open + 1, close, 10);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
