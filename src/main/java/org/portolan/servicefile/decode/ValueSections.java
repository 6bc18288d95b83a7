package org.portolan.servicefile.decode;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Desired.DesiredService;
import org.portolan.model.service.GenerateSpec;
import org.portolan.model.service.Placeholders;
import org.portolan.model.service.ValueFilling;
import org.portolan.servicefile.format.GenerateShape;
import org.portolan.servicefile.format.Reading;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/** {@code Vars} and {@code Generate}: the names that a deployment's services can use in braces. */
public final class ValueSections {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

    private final SortedMap<String, String> constants = new TreeMap<>();
    private final SortedMap<String, GenerateSpec> generated = new TreeMap<>();
    private final SortedMap<String, YamlNode.Scalar> declared = new TreeMap<>();
    private final Reading in;

    private ValueSections(Reading in) {
        this.in = in;
    }

    /**
     * Reads both sections.
     *
     * @param taken names that Portolan fills in itself
     * @param passwords values that no section names: passwords of databases
     */
    public static ValueSections read(
            @Nullable YamlNode vars,
            @Nullable YamlNode generate,
            Set<String> taken,
            SortedMap<String, GenerateSpec> passwords,
            Reading in) {
        ValueSections sections = new ValueSections(in);
        sections.each(vars, "Vars", "constants", taken, (name, value) -> {
            String text = in.text(value, "a text");
            if (text != null) {
                sections.constants.put(name, text);
            }
        });
        sections.each(generate, "Generate", "values", taken, (name, value) -> {
            GenerateSpec spec = new GenerateShape().read(value, in);
            if (spec != null) {
                sections.generated.put(name, spec);
            }
        });
        passwords.forEach((name, spec) -> {
            YamlNode.Scalar other = sections.declared.get(name);
            if (other != null) {
                in.fault(
                        other,
                        "the name " + Wording.quote(name) + " is that of a database's password",
                        "choose another name");
            } else {
                sections.generated.put(name, spec);
            }
        });
        return sections;
    }

    private interface Entry {
        void read(String name, YamlNode value);
    }

    private void each(@Nullable YamlNode section, String title, String what, Set<String> taken, Entry entry) {
        if (section == null || YamlNode.isNull(section)) {
            return;
        }
        if (!(section instanceof YamlNode.Mapping mapping)) {
            in.fault(section, "expected a map of " + what + ", found " + in.found(section));
            return;
        }
        for (YamlNode.Entry each : mapping.entries()) {
            YamlNode.Scalar name = each.key();
            YamlNode.Scalar other = declared.putIfAbsent(name.text(), name);
            if (!NAME.matcher(name.text()).matches()) {
                in.fault(
                        name,
                        "invalid name " + in.found(name) + " in " + title + ": use letters, digits and _",
                        "it is used in braces: {SecretKey}");
            } else if (taken.contains(name.text())) {
                in.fault(
                        name,
                        "the name " + Wording.quote(name.text()) + " is set by Portolan in each instance",
                        "choose another name");
            } else if (other != null) {
                in.fault(name, "duplicate name " + in.found(name) + " in " + title, "the other one: " + other.at());
            } else {
                entry.read(name.text(), each.value());
            }
        }
    }

    /** How the deployment's values are generated, by name. */
    public SortedMap<String, GenerateSpec> generated() {
        return Collections.unmodifiableSortedMap(generated);
    }

    /** All names, for messages about slips. */
    public Collection<String> names() {
        Set<String> names = new TreeSet<>(declared.keySet());
        names.addAll(generated.keySet());
        return names;
    }

    /** Fills the constants in, and warns of names that nothing uses. */
    public void fill(SortedMap<String, DesiredService> services) {
        if (declared.isEmpty() || in.problems().hasErrors()) {
            return;
        }
        Set<String> unused = new TreeSet<>(declared.keySet());
        services.values().forEach(service -> unused.removeAll(used(service.definition(), declared.keySet())));
        unused.forEach(name -> in.problems()
                .warning(
                        declared.getOrDefault(name, declared.firstEntry().getValue())
                                .at(),
                        "no service uses {" + name + "}",
                        "use it in env, cmd or entrypoint, or remove it"));
        services.replaceAll((name, service) -> service.with(ValueFilling.constants(service.definition(), constants)));
    }

    private static Set<String> used(Definition definition, Set<String> names) {
        Set<String> used = new TreeSet<>();
        for (String text : ValueFilling.texts(definition).values()) {
            for (String name : names) {
                if (!Placeholders.fill(text, Map.of(name, "")).equals(text)) {
                    used.add(name);
                }
            }
        }
        return used;
    }
}
