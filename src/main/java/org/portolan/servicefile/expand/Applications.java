package org.portolan.servicefile.expand;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Position;
import org.portolan.model.service.Desired.DesiredService;
import org.portolan.model.service.GenerateSpec;
import org.portolan.servicefile.decode.BraceWarnings;
import org.portolan.servicefile.decode.DatabaseDecoder;
import org.portolan.servicefile.decode.DomainDecoder;
import org.portolan.servicefile.decode.JobDecoder;
import org.portolan.servicefile.decode.Requirements;
import org.portolan.servicefile.decode.ServiceDecoder;
import org.portolan.servicefile.decode.ValueSections;
import org.portolan.servicefile.format.ComposeKeys;
import org.portolan.servicefile.format.EnvSection;
import org.portolan.servicefile.format.Fields;
import org.portolan.servicefile.format.Format;
import org.portolan.servicefile.format.Key;
import org.portolan.servicefile.format.Names;
import org.portolan.servicefile.format.NetworkShape;
import org.portolan.servicefile.format.Reading;
import org.portolan.servicefile.format.ScaleShape;
import org.portolan.servicefile.format.VolumesSection;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/** Reads a file with services, or a template, for one deployment: expands it and decodes its services and domains. */
public final class Applications {
    private final Reading in;
    private final Macros macros;

    public Applications(Macros macros, Reading in) {
        this.in = in;
        this.macros = macros;
    }

    /**
     * What a rollout gives to the file.
     *
     * @param given parameters by name
     * @param missingAt where a missing parameter is reported; null: where it is declared
     * @param env laid over the file's Env; null: nothing
     * @param scale the normal form of {@link ScaleShape}; null: nothing
     * @param scaleAt the place of the scale
     */
    public record Settings(
            Map<String, Parameters.Given> given,
            @Nullable Position missingAt,
            @Nullable YamlNode env,
            @Nullable Object scale,
            @Nullable YamlNode scaleAt) {
        public static Settings of(Map<String, Parameters.Given> given) {
            return new Settings(given, null, null, null, null);
        }
    }

    /** One deployment's content. */
    public record Application(
            SortedMap<String, DesiredService> services,
            List<DomainDecoder.Declared> domains,
            SortedMap<String, GenerateSpec> generated,
            SortedMap<String, Object> notes,
            SortedSet<String> allows) {}

    public Application read(Documents.Document document, String deployment, Settings settings, String what) {
        if (ComposeKeys.refused(document.root(), in)) {
            return new Application(new TreeMap<>(), List.of(), new TreeMap<>(), new TreeMap<>(), new TreeSet<>());
        }
        Expanded expanded = expand(document, settings, what);
        YamlNode.Mapping root = expanded.root();
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        Map<String, ServiceDecoder.Named> names = new HashMap<>();
        VolumesSection.Declared volumes = VolumesSection.declared(root.get("Volumes"), in);
        ServiceDecoder decoder = new ServiceDecoder(in.filledBy(expanded.expander()::scalar), volumes);
        for (YamlNode.Entry entry : root.entries()) {
            if (isService(entry)) {
                ServiceDecoder.Named named = decoder.name(entry);
                YamlNode.Entry other = named == null ? null : entries.putIfAbsent(named.name(), entry);
                if (other != null) {
                    in.fault(
                            entry.key(),
                            "two services are named " + Wording.quote(named == null ? "" : named.name()),
                            "the other one: " + other.key().at());
                } else if (named != null) {
                    names.put(named.name(), named);
                }
            } else {
                checkSection(entry);
            }
        }
        SortedMap<String, DesiredService> services = new TreeMap<>();
        EnvSection.Inherited own = EnvSection.read(root.get("Env"), entries.keySet(), in);
        EnvSection.Inherited over = EnvSection.read(settings.env(), entries.keySet(), in);
        for (Map.Entry<String, YamlNode.Entry> entry : entries.entrySet()) {
            SortedMap<String, Object> env = new TreeMap<>();
            own.addTo(env, entry.getKey());
            over.addTo(env, entry.getKey());
            ServiceDecoder.Named named = names.get(entry.getKey());
            DesiredService service = named == null ? null : decoder.read(named, entry.getValue(), env);
            if (service != null) {
                services.put(service.name(), service);
            }
        }
        volumes.warnUnused(in);
        expanded.parameters().warnUnused(expanded.expander().used());
        scale(services, settings);
        Map<String, YamlNode.Entry> jobs = new JobDecoder(in).read(root.get("Exec"), services, entries);
        DatabaseDecoder databases = new DatabaseDecoder(services, entries, in);
        Map<String, YamlNode.Entry> databaseEntries = databases.read(root.get("Databases"), jobs);
        new Requirements(services, entries, jobs, databaseEntries.keySet(), in).check();
        ValueSections values = ValueSections.read(
                root.get("Vars"), root.get("Generate"), BraceWarnings.known(services), databases.passwords(), in);
        BraceWarnings.warn(services, entries, values.names(), in);
        values.fill(services);
        List<DomainDecoder.Declared> domains = new DomainDecoder(in).read(root.get("Domains"), deployment);
        return new Application(
                services,
                domains,
                values.generated(),
                ServiceDecoder.notes(root),
                NetworkShape.allowed(root.get("Network"), in));
    }

    /** A file with its parameters filled in, and what fills them into the files that its services name. */
    private record Expanded(YamlNode.Mapping root, Expander expander, Parameters parameters) {}

    private Expanded expand(Documents.Document document, Settings settings, String what) {
        YamlNode section = document.root().get("Parameters");
        YamlNode macroed = section == null ? null : new Expander(Map.of(), Set.of(), macros, in).expand(section);
        Parameters parameters = Parameters.read(macroed, in);
        Map<String, Macros.Fill> values = parameters.values(settings.given(), settings.missingAt(), what);
        List<YamlNode.Entry> rest = new ArrayList<>();
        for (YamlNode.Entry entry : document.root().entries()) {
            if (!entry.key().text().equals("Parameters") && !entry.key().text().equals("Includes")) {
                rest.add(entry);
            }
        }
        Expander expander = new Expander(values, parameters.names(), macros, in);
        YamlNode.Mapping root =
                expander.mapping(new YamlNode.Mapping(rest, document.root().at()));
        return new Expanded(root, expander, parameters);
    }

    private static boolean isService(YamlNode.Entry entry) {
        String key = entry.key().text();
        boolean section = !entry.key().filled() && !key.isEmpty() && Character.isUpperCase(key.charAt(0));
        return !section && !Fields.isFree(key);
    }

    /** Reports unknown sections, and those that this version cannot do. */
    public void checkSection(YamlNode.Entry entry) {
        String name = entry.key().text();
        if (Fields.isFree(name)) {
            return;
        }
        Key key = Key.find(Format.SECTIONS, name);
        if (key == null) {
            in.fault(
                    entry.key(),
                    "unknown section " + in.found(entry.key()),
                    Wording.suggest(
                            name,
                            Format.sectionNames(),
                            "write a service name in lower case: " + Wording.clip(name.toLowerCase(Locale.ROOT))
                                    + "; sections: " + Wording.either(Format.sectionNames())));
        } else if (!key.supported()) {
            key.shape().read(entry.key(), in);
        } else if (name.equals("Name")) {
            String text = YamlNode.isNull(entry.value()) ? null : in.text(entry.value(), "a deployment's name");
            if (text != null) {
                checkDeployment(text, entry.value());
            }
        }
    }

    public boolean checkDeployment(String name, YamlNode at) {
        String fault = Names.checkName(name);
        if (fault != null) {
            in.fault(at, "invalid deployment name " + in.found(at) + ": " + fault);
        }
        return fault == null;
    }

    private void scale(SortedMap<String, DesiredService> services, Settings settings) {
        YamlNode at = settings.scaleAt();
        if (settings.scale() instanceof Long number && at != null) {
            if (services.size() == 1) {
                services.replaceAll((name, service) -> service.scaled(number.intValue()));
            } else {
                in.fault(
                        at,
                        "scale does not name a service",
                        "for example: {" + (services.isEmpty() ? "website" : services.firstKey()) + ": " + number
                                + "}");
            }
        } else if (settings.scale() instanceof Map<?, ?> map && at instanceof YamlNode.Mapping written) {
            for (YamlNode.Entry entry : written.entries()) {
                String name = entry.key().text();
                DesiredService service = services.get(name);
                if (service == null) {
                    in.fault(
                            entry.key(),
                            "scale names an unknown service " + in.found(entry.key()),
                            Wording.suggest(
                                    name,
                                    services.keySet(),
                                    services.isEmpty()
                                            ? "there are none"
                                            : "known: " + Wording.either(new ArrayList<>(services.keySet()))));
                } else if (map.get(name) instanceof Long number) {
                    services.put(name, service.scaled(number.intValue()));
                }
            }
        }
    }
}
