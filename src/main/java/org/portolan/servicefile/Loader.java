package org.portolan.servicefile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Position;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Desired.DesiredService;
import org.portolan.model.service.Domain;
import org.portolan.servicefile.decode.DomainDecoder;
import org.portolan.servicefile.decode.DomainRoutes;
import org.portolan.servicefile.decode.ServiceDecoder;
import org.portolan.servicefile.expand.Applications;
import org.portolan.servicefile.expand.Documents;
import org.portolan.servicefile.expand.Expander;
import org.portolan.servicefile.expand.Parameters;
import org.portolan.servicefile.format.ComposeKeys;
import org.portolan.servicefile.format.Fields;
import org.portolan.servicefile.format.Format;
import org.portolan.servicefile.format.Names;
import org.portolan.servicefile.format.Reading;
import org.portolan.servicefile.format.WithShape;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/** Loads one Servicefile: a file with services becomes one deployment, one with {@code Deployments} several. */
final class Loader {
    private static final String UNNAMED = "deployment";
    private static final Map<String, String> NOT_BESIDE = Map.of(
            "Name", "remove it",
            "Env", "write it in the template, or as env: of a deployment",
            "Exec", "write it in the template, beside the service",
            "Databases", "write it in the template, beside the service",
            "Vars", "write it in the template",
            "Volumes", "write it in the template",
            "Network", "write it in the template",
            "Generate", "write it in the template");
    private static final Fields ENTRY = new Fields("a deployment", Format.DEPLOYMENT, true);

    private final Reading in;
    private final LoadOptions options;
    private final Documents documents;
    private final Applications applications;

    Loader(Reading in, LoadOptions options) {
        this.in = in;
        this.options = options;
        this.documents = new Documents(options.macros(), in);
        this.applications = new Applications(options.macros(), in);
    }

    Loaded load(String path) {
        Documents.Document document = documents.main(path);
        List<Desired> deployments = List.of();
        if (document != null && !ComposeKeys.refused(document.root(), in)) {
            deployments = document.root().entry("Deployments") == null ? services(document) : rollouts(document);
        }
        in.problems().check();
        return new Loaded(deployments, in.problems().warnings());
    }

    private List<Desired> services(Documents.Document document) {
        String name = name(document);
        Map<String, Parameters.Given> given = new TreeMap<>();
        Position file = new Position(document.shown(), 1, 1);
        options.parameters().forEach((key, value) -> given.put(key, Parameters.Given.byHand(value, file)));
        Applications.Application application =
                applications.read(document, name, Applications.Settings.of(given), document.shown());
        DomainRoutes routing = new DomainRoutes(List.of(name), Map.of(name, application.services()), in);
        List<Domain> domains = new ArrayList<>();
        for (DomainDecoder.Declared domain : application.domains()) {
            domains.addAll(routing.split(domain).values());
        }
        return List.of(new Desired(
                name,
                options.origin(),
                Collections.unmodifiableSortedMap(application.services()),
                List.copyOf(domains),
                "",
                application.generated(),
                application.notes(),
                application.allows()));
    }

    /** The deployment's name: asked for, or the file's. */
    private String name(Documents.Document document) {
        Position file = new Position(document.shown(), 1, 1);
        if (options.deployment().isPresent()) {
            String name = options.deployment().get();
            String fault = Names.checkName(name);
            if (fault != null) {
                in.problems().error(file, "invalid deployment name " + Wording.quote(name) + ": " + fault);
            }
            return name;
        }
        YamlNode written = document.root().get("Name");
        if (written instanceof YamlNode.Scalar scalar && !YamlNode.isNull(scalar)) {
            return new Expander(Map.of(), Set.of(), options.macros(), in)
                    .scalar(scalar)
                    .text();
        }
        if (options.requireDeployment()) {
            in.problems()
                    .error(
                            file,
                            "the file does not name its deployment",
                            "use -D NAME, or write Name: NAME in the file");
        }
        return UNNAMED;
    }

    private List<Desired> rollouts(Documents.Document document) {
        checkKeys(document);
        Parameters own = Parameters.read(macroed(document.root().get("Parameters")), in);
        Position file = new Position(document.shown(), 1, 1);
        Map<String, Parameters.Given> forFile = new TreeMap<>();
        Map<String, Parameters.Given> forTemplates = new TreeMap<>();
        options.parameters().forEach((key, value) -> (own.names().contains(key) ? forFile : forTemplates)
                .put(key, Parameters.Given.byHand(value, file)));
        Expander expander =
                new Expander(own.values(forFile, null, document.shown()), own.names(), options.macros(), in);
        YamlNode deployments = expander.expand(required(document.root().get("Deployments")));
        YamlNode domains = document.root().get("Domains");
        YamlNode expandedDomains = domains == null ? null : expander.expand(domains);
        own.warnUnused(expander.used());
        if (!(deployments instanceof YamlNode.Mapping mapping)) {
            in.fault(
                    deployments,
                    "expected a map of deployments, found " + in.found(deployments),
                    "for example: {shop: {template: templates/shop.Servicefile}}");
            return List.of();
        }
        List<String> names = new ArrayList<>();
        mapping.entries().forEach(entry -> names.add(entry.key().text()));
        if (options.deployment().isPresent()
                && !names.contains(options.deployment().get())) {
            String asked = options.deployment().get();
            in.problems()
                    .error(
                            mapping.at(),
                            "no deployment " + Wording.quote(asked) + " in the file",
                            Wording.suggest(
                                    asked,
                                    names,
                                    names.isEmpty() ? "it declares none" : "known: " + Wording.either(names)));
            return List.of();
        }
        return rollouts(mapping, names, expandedDomains, forTemplates, document);
    }

    private List<Desired> rollouts(
            YamlNode.Mapping mapping,
            List<String> names,
            @Nullable YamlNode domains,
            Map<String, Parameters.Given> byHand,
            Documents.Document document) {
        Map<String, Applications.Application> read = new LinkedHashMap<>();
        Map<String, SortedMap<String, DesiredService>> services = new HashMap<>();
        Map<String, String> templates = new HashMap<>();
        Map<String, Parameters.Given> unused = new HashMap<>(byHand);
        for (YamlNode.Entry entry : mapping.entries()) {
            String name = entry.key().text();
            boolean wanted =
                    options.deployment().isEmpty() || options.deployment().get().equals(name);
            if (wanted && applications.checkDeployment(name, entry.key())) {
                Applications.Application application = rollout(name, entry, byHand, unused, templates);
                if (application != null) {
                    read.put(name, application);
                    services.put(name, application.services());
                }
            }
        }
        unused.forEach((name, given) -> in.problems()
                .error(
                        given.at(),
                        "unknown parameter " + Wording.quote(name) + ": no template declares it",
                        "see Parameters: of the templates"));
        Map<String, List<Domain>> routed = new HashMap<>();
        DomainRoutes routing = new DomainRoutes(names, services, in);
        List<DomainDecoder.Declared> declared =
                new ArrayList<>(new DomainDecoder(in).read(domains, names.size() == 1 ? names.get(0) : ""));
        read.values().forEach(application -> declared.addAll(application.domains()));
        for (DomainDecoder.Declared domain : declared) {
            routing.split(domain).forEach((name, part) -> routed.computeIfAbsent(name, fresh -> new ArrayList<>())
                    .add(part));
        }
        SortedMap<String, Object> notes = ServiceDecoder.notes(document.root());
        List<Desired> deployments = new ArrayList<>();
        read.forEach((name, application) -> {
            SortedMap<String, Object> all = new TreeMap<>(application.notes());
            all.putAll(notes);
            deployments.add(new Desired(
                    name,
                    options.origin(),
                    Collections.unmodifiableSortedMap(application.services()),
                    List.copyOf(routed.getOrDefault(name, List.of())),
                    templates.getOrDefault(name, ""),
                    application.generated(),
                    all,
                    application.allows()));
        });
        return deployments;
    }

    private Applications.@Nullable Application rollout(
            String name,
            YamlNode.Entry entry,
            Map<String, Parameters.Given> byHand,
            Map<String, Parameters.Given> unused,
            Map<String, String> templates) {
        SortedMap<String, Object> said = ENTRY.read(entry.value(), in);
        YamlNode template = entry.value() instanceof YamlNode.Mapping body ? body.get("template") : null;
        if (YamlNode.isNull(template) || !(template instanceof YamlNode.Scalar templateName)) {
            if (said != null || YamlNode.isNull(entry.value())) {
                in.fault(
                        entry.key(),
                        "the deployment " + Wording.quote(name) + " has no template",
                        "add template: templates/" + Wording.clip(name) + ".Servicefile");
            }
            return null;
        }
        Documents.Document document = documents.template(templateName, name);
        if (document == null || said == null) {
            return null;
        }
        YamlNode.Entry nested = document.root().entry("Deployments");
        if (nested != null) {
            in.fault(nested.key(), "a template has services, not Deployments");
            return null;
        }
        templates.put(name, document.path());
        Map<String, Parameters.Given> given = new TreeMap<>();
        ServiceDecoder.tree(said.get("with")).forEach((key, value) -> {
            WithShape.Given with = (WithShape.Given) value;
            given.put(
                    key,
                    new Parameters.Given(
                            with.text(), with.value().secret(), with.value().at(), false));
        });
        YamlNode section = document.root().get("Parameters");
        byHand.forEach((key, value) -> {
            if (section instanceof YamlNode.Mapping declared && declared.get(key) != null) {
                given.put(key, value);
                unused.remove(key);
            }
        });
        YamlNode.Mapping body = (YamlNode.Mapping) entry.value();
        Applications.Settings settings = new Applications.Settings(
                given, entry.key().at(), body.get("env"), said.get("scale"), body.get("scale"));
        return applications.read(document, name, settings, "the template " + document.shown());
    }

    /** A file with Deployments has no services and no section that only services use. */
    private void checkKeys(Documents.Document document) {
        for (YamlNode.Entry entry : document.root().entries()) {
            String key = entry.key().text();
            boolean section = !key.isEmpty() && Character.isUpperCase(key.charAt(0));
            if (!section && !Fields.isFree(key)) {
                in.fault(
                        entry.key(),
                        "a file has services or Deployments, not both: " + in.found(entry.key()),
                        "move the services to a template");
            } else if (NOT_BESIDE.containsKey(key)) {
                in.fault(entry.key(), Wording.quote(key) + " is not allowed beside Deployments", NOT_BESIDE.get(key));
            } else {
                applications.checkSection(entry);
            }
        }
    }

    private @Nullable YamlNode macroed(@Nullable YamlNode node) {
        return node == null ? null : new Expander(Map.of(), Set.of(), options.macros(), in).expand(node);
    }

    private static YamlNode required(@Nullable YamlNode node) {
        if (node == null) {
            throw new IllegalStateException("the caller has seen the section");
        }
        return node;
    }
}
