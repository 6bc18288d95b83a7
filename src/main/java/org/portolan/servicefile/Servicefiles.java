package org.portolan.servicefile;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.Position;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;
import org.portolan.servicefile.decode.RolloutDefaults;
import org.portolan.servicefile.decode.ServiceDecoder;
import org.portolan.servicefile.expand.AppTemplates;
import org.portolan.servicefile.format.Names;
import org.portolan.servicefile.format.Reading;
import org.portolan.servicefile.yaml.Problems;
import org.portolan.servicefile.yaml.SourceText;
import org.portolan.servicefile.yaml.YamlNode;
import org.portolan.servicefile.yaml.YamlReader;
import org.portolan.source.FileTree;

/** The way in: Servicefiles to desired state. */
public final class Servicefiles {
    private static final String INLINE = "set-service";

    private Servicefiles() {}

    /**
     * Loads a Servicefile with its includes and templates.
     *
     * @param tree the files; nothing outside of it is read
     * @param path the Servicefile's path in it
     * @throws org.portolan.model.InvalidInput with every fault of all files at once
     */
    public static Loaded load(FileTree tree, String path, LoadOptions options) {
        Reading in = new Reading(Optional.of(tree), options.secretNames(), new Problems(), options.now());
        return new Loader(in, options).load(path);
    }

    /**
     * The deployment that a file with services names ({@code Name}), read without its includes and parameters; empty when
     * it names none as it stands, or cannot be read.
     */
    public static Optional<String> name(FileTree tree, String path) {
        Problems problems = new Problems();
        Reading in = new Reading(Optional.of(tree), List.of(), problems);
        Reading.FileText file = in.read(path, Position.of(path), "the Servicefile", path);
        YamlNode root =
                file == null ? null : YamlReader.read(new SourceText(path, path, file.text(), List.of()), problems);
        return root instanceof YamlNode.Mapping mapping
                        && !YamlNode.isNull(mapping.get("Name"))
                        && mapping.get("Name") instanceof YamlNode.Scalar name
                        && Names.checkName(name.text()) == null
                ? Optional.of(name.text())
                : Optional.empty();
    }

    /** The names of the templates that are part of this program. */
    public static List<String> templates() {
        return AppTemplates.names();
    }

    /** The text of a template that is part of this program; empty when there is none of that name. */
    public static Optional<String> template(String name) {
        return AppTemplates.text(name);
    }

    /**
     * A service set by hand: the keys of an inline YAML map laid over an existing definition, variables one by one.
     *
     * @param name the service's name, or an image whose last part names it: {@code company/redis}
     * @param yaml the map, such as <code>{env: {A: b}}</code>; empty for none
     * @param existing the definition so far
     * @param secretNames parts of names that make a value secret, lower-case
     * @throws org.portolan.model.InvalidInput with every fault at once; positions name {@code set-service}
     */
    public static ServiceChange service(
            String name, String yaml, Optional<Definition> existing, List<String> secretNames) {
        Problems problems = new Problems();
        Reading in = new Reading(Optional.empty(), secretNames, problems);
        SourceText source = new SourceText(INLINE, "", yaml, secretNames);
        problems.addFile(source);
        YamlNode root = yaml.isBlank() ? null : YamlReader.read(source, problems);
        problems.check();
        Position start = new Position(INLINE, 1, 1);
        if (root != null && !(root instanceof YamlNode.Mapping)) {
            source.hide();
            problems.error(root.at(), "expected a map, found " + root.kind(), "for example: {env: {A: b}}");
        }
        YamlNode.Mapping body =
                root instanceof YamlNode.Mapping mapping ? mapping : new YamlNode.Mapping(List.of(), start);
        ServiceDecoder decoder = new ServiceDecoder(in);
        YamlNode.Scalar key = YamlNode.Scalar.of(name, Position.of(INLINE));
        ServiceDecoder.Named named = decoder.name(new YamlNode.Entry(key, body));
        SortedMap<String, Object> given = decoder.keys(body);
        problems.check();
        if (named == null) {
            throw new IllegalStateException("a name without fault is a name");
        }
        boolean byImage = !named.image().equals(named.name());
        if (byImage || existing.isEmpty()) {
            given.putIfAbsent("image", named.image());
        }
        Object scale = given.remove("scale");
        Definition merged = merge(named.name(), existing.orElse(Definition.of(new TreeMap<>())), body, given);
        return new ServiceChange(
                named.name(),
                merged,
                scale instanceof Long number ? OptionalInt.of(number.intValue()) : OptionalInt.empty(),
                problems.warnings());
    }

    private static Definition merge(
            String name, Definition existing, YamlNode.Mapping body, SortedMap<String, Object> given) {
        SortedMap<String, Object> keys = new TreeMap<>(existing.keys());
        for (YamlNode.Entry entry : body.entries()) {
            String key =
                    entry.key().text().equals("port") ? "ports" : entry.key().text();
            if (!key.equals("env")) {
                keys.remove(key);
            }
        }
        SortedMap<String, Object> env = new TreeMap<>(ServiceDecoder.tree(existing.get("env")));
        env.putAll(ServiceDecoder.tree(given.get("env")));
        if (given.containsKey("ports")) {
            keys.remove(ServiceSpec.MAIN_PORT);
            keys.remove("udp");
        }
        keys.putAll(given);
        if (!env.isEmpty()) {
            keys.put("env", env);
            SortedMap<String, Object> inherited = new TreeMap<>(ServiceDecoder.tree(keys.get("inherited_env")));
            inherited.keySet().removeAll(env.keySet());
            keys.put("inherited_env", inherited);
        }
        if (ServiceDecoder.tree(keys.get("inherited_env")).isEmpty()) {
            keys.remove("inherited_env");
        }
        if (given.containsKey("image")) {
            keys.remove("image_id");
            keys.remove("image_kind");
        }
        return RolloutDefaults.without(name, Definition.of(keys));
    }
}
