package org.portolan.servicefile.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.model.service.Definition;
import org.portolan.model.service.DockerKeys;
import org.portolan.servicefile.yaml.YamlNode;

/**
 * What is laid over the engine's create request: a free tree without what Portolan itself sets. The engine reads names
 * whatever their case, so names are compared without it. Variables are secret where those of {@code env} would be.
 */
record DockerShape() implements Shape {
    private static final FreeShape FREE = new FreeShape();
    private static final String OWN = "Portolan sets it";

    /** What the request says at its top, and the key that says it in a Servicefile. */
    private static final Map<String, String> TOP = Map.of(
            "Image", "write image: NAME",
            "Name", OWN + " from deployment, service and version",
            "Volumes", "write volumes: {NAME: /path}",
            "NetworkDisabled", "write network: {mode: none}");

    private static final Map<String, String> HOST = Map.of(
            "Binds", "write volumes: {/path/of/the/host: /path}",
            "Mounts", "write volumes: {NAME: /path}, or tmpfs: {/path: size=64m}",
            "VolumesFrom", "write volumes: {NAME: /path}",
            "NetworkMode", "write network: {mode: host}",
            "PublishAllPorts", "write ports: {NAME: PORT}; wan_map: {\":80\": NAME} opens one to the outside",
            "RestartPolicy", "write restart: on-failure",
            "AutoRemove", OWN + ": an old container is kept until the new one is healthy",
            "ContainerIDFile", "use `portolan inspect --json` to get the container's id");

    @Override
    public @Nullable Object read(YamlNode node, Reading in) {
        Object tree = FREE.read(node, in);
        if (!(node instanceof YamlNode.Mapping mapping) || !(tree instanceof Map<?, ?> read)) {
            return tree;
        }
        SortedMap<String, Object> docker = new TreeMap<>();
        read.forEach((name, value) -> docker.put((String) name, value));
        mapping.entries()
                .forEach(entry -> docker.computeIfPresent(
                        entry.key().text(), (name, value) -> marked(name, entry.value(), value, in)));
        for (YamlNode.Entry entry : mapping.entries()) {
            String name = entry.key().text();
            refuse(TOP, entry, "", in);
            if (DockerKeys.same(name, DockerKeys.ENV)) {
                put(docker, name, env(entry.value(), in));
            } else if (DockerKeys.same(name, DockerKeys.LABELS)) {
                put(docker, name, new OptionShapes.Labels().read(entry.value(), in));
            } else if (DockerKeys.same(name, DockerKeys.HOST_CONFIG)) {
                entries(entry.value()).forEach(inner -> host(inner, in));
            } else if (DockerKeys.same(name, "NetworkingConfig")) {
                network(entry.value(), in);
            }
            twice(mapping, entry, in);
        }
        return docker.isEmpty() ? null : docker;
    }

    /** The tree with its secrets marked: by their names, by what was filled in, by a password in a URL. */
    private static Object marked(String name, YamlNode node, Object value, Reading in) {
        if (node instanceof YamlNode.Mapping mapping && value instanceof Map<?, ?> map) {
            SortedMap<String, Object> copy = new TreeMap<>();
            for (YamlNode.Entry entry : mapping.entries()) {
                Object inner = map.get(entry.key().text());
                if (inner != null) {
                    copy.put(entry.key().text(), marked(entry.key().text(), entry.value(), inner, in));
                }
            }
            return copy;
        }
        if (node instanceof YamlNode.Scalar && value instanceof String text) {
            return in.secretName(name) ? Map.of("secret", text) : Reading.marked(node, text);
        }
        if (node instanceof YamlNode.Sequence list
                && value instanceof List<?> items
                && items.size() == list.items().size()) {
            List<Object> copy = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                copy.add(marked("", list.items().get(i), items.get(i), in));
            }
            return copy;
        }
        return value;
    }

    private static void put(SortedMap<String, Object> docker, String name, @Nullable Object value) {
        if (value == null) {
            docker.remove(name);
        } else {
            docker.put(name, value);
        }
    }

    private static List<YamlNode.Entry> entries(YamlNode node) {
        return node instanceof YamlNode.Mapping mapping ? mapping.entries() : List.of();
    }

    private static void refuse(Map<String, String> own, YamlNode.Entry entry, String path, Reading in) {
        own.forEach((name, advice) -> {
            if (DockerKeys.same(entry.key().text(), name)) {
                in.fault(entry.key(), "docker cannot set " + path + name + ": Portolan manages it", advice);
            }
        });
    }

    private static void host(YamlNode.Entry entry, Reading in) {
        refuse(HOST, entry, "HostConfig.", in);
        if (DockerKeys.same(entry.key().text(), DockerKeys.PORT_BINDINGS)) {
            for (YamlNode.Entry port : entries(entry.value())) {
                // Nothing else publishes UDP and SCTP.
                if (!port.key().text().endsWith("/udp") && !port.key().text().endsWith("/sctp")) {
                    in.fault(
                            port.key(),
                            "docker cannot publish the TCP port " + in.found(port.key()) + ": Portolan publishes them",
                            "write ports: {NAME: PORT} and wan_map: {\":80\": NAME}");
                }
            }
        }
    }

    /** Further networks are the user's; the deployment's own, with its aliases and addresses, is Portolan's. */
    private static void network(YamlNode node, Reading in) {
        for (YamlNode.Entry entry : entries(node)) {
            for (YamlNode.Entry network : entries(entry.value())) {
                if (network.key().text().startsWith("portolan-")) {
                    in.fault(
                            network.key(),
                            "docker cannot set the endpoint in " + in.found(network.key())
                                    + ": Portolan manages the deployment's network",
                            "write network: {aliases: [NAME]}");
                }
            }
        }
    }

    /** Two spellings of one name: the engine would take both, one over the other. */
    @SuppressWarnings("ReferenceEquality") // this entry itself, not one that says the same
    private static void twice(YamlNode.Mapping mapping, YamlNode.Entry entry, Reading in) {
        for (YamlNode.Entry other : mapping.entries()) {
            if (other == entry) {
                break;
            }
            if (DockerKeys.same(other.key().text(), entry.key().text())) {
                in.fault(
                        entry.key(),
                        "docker sets " + other.key().text() + " twice, here as " + in.found(entry.key()),
                        "keep one of them: the engine ignores the case of names");
            }
        }
        for (YamlNode.Entry inner : entries(entry.value())) {
            if (entry.value() instanceof YamlNode.Mapping below
                    && DockerKeys.same(entry.key().text(), "HostConfig")) {
                twice(below, inner, in);
            }
        }
    }

    /** The engine's form of variables, a list; secret as under {@code env}, the name told. */
    private static @Nullable Object env(YamlNode node, Reading in) {
        if (!(node instanceof YamlNode.Sequence list)) {
            if (!YamlNode.isNull(node)) {
                in.fault(node, "expected a list of NAME=value, found " + in.found(node), "write env: {NAME: value}");
            }
            return null;
        }
        List<Object> words = new ArrayList<>();
        SortedMap<String, Object> read = new TreeMap<>();
        for (YamlNode item : list.items()) {
            read.clear();
            EnvShape.assignment(item, read, in);
            read.forEach((name, value) -> {
                String word = name + "=" + Definition.text(value);
                words.add(Definition.isSecret(value) ? Map.of("secret", word) : word);
            });
        }
        return words.isEmpty() ? null : words;
    }

    @Override
    public String words() {
        return FREE.words();
    }

    @Override
    public Map<String, Object> schema() {
        return FREE.schema();
    }
}
