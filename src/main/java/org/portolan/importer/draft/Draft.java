package org.portolan.importer.draft;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A Servicefile that is being put together, with the env files that belong to it. */
public final class Draft {
    private final List<String> header = new ArrayList<>();
    private final String deployment;
    private final Map<String, Part.Fields> parameters = new LinkedHashMap<>();
    private final Map<String, ServiceDraft> services = new LinkedHashMap<>();
    private final Map<String, Part.Fields> sections = new LinkedHashMap<>();
    private final Map<String, EnvFileDraft> files = new TreeMap<>();

    /**
     * Begins one.
     *
     * @param deployment a valid deployment's name
     */
    public Draft(String deployment) {
        this.deployment = deployment;
    }

    /** The deployment's name. */
    public String deployment() {
        return deployment;
    }

    /** A comment at the top. */
    public void header(String text) {
        header.add(text);
    }

    /** Adds a service; a second one of the same name replaces it. */
    public ServiceDraft service(String name) {
        ServiceDraft service = new ServiceDraft(name);
        services.put(name, service);
        return service;
    }

    public Map<String, ServiceDraft> services() {
        return services;
    }

    /** Takes a service out again. */
    public void remove(String name) {
        services.remove(name);
    }

    /** Declares a parameter; without a default a value must be given. */
    public void parameter(String name, Optional<String> otherwise, String description) {
        Part.Fields fields = new Part.Fields();
        otherwise.ifPresent(text -> fields.put("default", text));
        if (otherwise.isEmpty()) {
            fields.put("required", Part.plain(true));
        }
        if (!description.isEmpty()) {
            fields.put("description", description);
        }
        parameters.putIfAbsent(name, fields);
    }

    /** A section below the services, such as {@code Domains}. */
    public Part.Fields section(String name) {
        return sections.computeIfAbsent(name, none -> new Part.Fields());
    }

    /** The env file for a service's secrets, made when it is not there; its path is relative to the Servicefile. */
    public EnvFileDraft envFile(String path) {
        return files.computeIfAbsent(path, none -> new EnvFileDraft());
    }

    /** The files to write beside the Servicefile, by their paths relative to it. */
    public Map<String, EnvFileDraft> files() {
        return files;
    }

    /** The Servicefile's text. */
    public String text() {
        PartWriter out = new PartWriter();
        header.forEach(text -> out.comment(0, text));
        out.entry(0, "Name", Part.text(deployment));
        if (!parameters.isEmpty()) {
            out.blank();
            section(out, "Parameters", new LinkedHashMap<>(parameters));
        }
        services.values().forEach(service -> {
            out.blank();
            service.write(out);
        });
        sections.forEach((name, fields) -> {
            if (!fields.isEmpty()) {
                out.blank();
                out.line(name + ":");
                out.fields(1, fields);
            }
        });
        return out.toString();
    }

    private static void section(PartWriter out, String name, Map<String, Part> entries) {
        out.line(name + ":");
        entries.forEach((key, value) -> out.entry(1, key, value));
    }
}
