package org.portolan.importer.compose;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.Naming;
import org.portolan.importer.draft.Part;
import org.portolan.importer.draft.PortDrafts;
import org.portolan.importer.draft.ServiceDraft;
import org.portolan.importer.draft.ShellWords;
import org.portolan.servicefile.format.Names;

/** One service of a Compose file. */
final class ComposeService {
    /** Images of proxies that find their routes at the containers. */
    private static final Pattern ROUTERS = Pattern.compile("(^|/)(traefik|nginx-proxy|caddy-docker-proxy)(:|@|$)");

    private final ComposeContext context;
    private final ComposeEnvironment environment;
    private final ComposePorts ports;
    private final ComposeHealth health;
    private final ComposeVolumes volumes;
    private final ComposeMounted mounted;
    private final ComposeLimits limits;
    private final ComposeOptions options;
    private final ComposeLabels labels;
    private final ComposeNetworks networks;

    ComposeService(ComposeContext context) {
        this.context = context;
        environment = new ComposeEnvironment(context);
        ports = new ComposePorts(context);
        health = new ComposeHealth(context);
        volumes = new ComposeVolumes(context);
        mounted = new ComposeMounted(context);
        limits = new ComposeLimits(context);
        options = new ComposeOptions(context);
        labels = new ComposeLabels(context);
        networks = new ComposeNetworks(context);
    }

    void translate(String name, Cursor body) {
        ServiceDraft service = context.draft().service(context.named(name));
        if (!service.name().equals(name)) {
            context.alias(service, name);
        }
        image(body, name, service);
        // What later keys look at comes first: ports before the check and the labels, files before variables.
        with(body, "ports", value -> ports.ports(value, name, service));
        with(body, "expose", value -> ports.expose(value, name, service));
        with(body, "labels", value -> labels.labels(value, name, service));
        with(body, "env_file", value -> environment.files(value, service));
        with(body, "environment", value -> environment.environment(value, service));
        with(body, "deploy", value -> deploy(value, name, service));
        with(body, "healthcheck", value -> health.translate(value, name, service));
        Set<String> done = Set.of(
                "image", "build", "ports", "expose", "labels", "env_file", "environment", "deploy", "healthcheck");
        for (Cursor.Pair pair : body.entries()) {
            if (!done.contains(pair.key()) && !pair.value().isNull()) {
                key(pair.key(), pair.value(), name, body, service);
            }
        }
        PortDrafts declared = context.ports(name);
        declared.write(service);
        if (service.keys().get("health") == null && PortDrafts.isWeb(declared.main())) {
            service.suggest("health: {http: /}   # Compose checks nothing; name a path that answers 2xx when it works");
        }
    }

    private static void with(Cursor body, String key, java.util.function.Consumer<Cursor> what) {
        Cursor value = body.get(key);
        if (value != null) {
            what.accept(value);
        }
    }

    private void key(String key, Cursor value, String name, Cursor body, ServiceDraft service) {
        switch (key) {
            case "command" -> command(value, service);
            case "entrypoint" -> entrypoint(value, service);
            case "volumes" -> volumes.volumes(value, service);
            case "tmpfs" -> volumes.tmpfs(value, service);
            case "secrets", "configs" -> mounted.translate(key, value, service);
            case "depends_on" -> depends(value, name, service);
            case "links" -> links(value, service);
            case "container_name" -> networks.containerName(value, service);
            case "network_mode" -> networks.mode(value, service);
            case "networks" -> networks.networks(value, service);
            case "profiles" -> profiles(value, service);
            default -> {
                if (ComposeLimits.knows(key)) {
                    limits.limit(key, value, body, service);
                } else {
                    options.translate(key, value, service);
                }
            }
        }
    }

    private void deploy(Cursor deploy, String name, ServiceDraft service) {
        limits.deploy(deploy, service);
        with(deploy, "labels", value -> {
            Part before = service.keys().get("labels");
            labels.labels(value, name, service);
            if (before == null && service.keys().get("labels") != null) {
                value.changed("Swarm gives these labels to its service; here the containers have them");
            }
        });
    }

    private void image(Cursor body, String name, ServiceDraft service) {
        Cursor image = body.get("image");
        Cursor build = body.get("build");
        String reference = image == null ? "" : context.variables().fill(image);
        if (build != null) {
            String own = context.project() + "-" + Naming.name(name, "service");
            String tag = reference.isEmpty() ? own : reference;
            context.build(name, new ComposeBuild(context).translate(build, tag, service));
            reference = tag;
            service.keys().put("pull", Part.text("never"));
        }
        String resolved =
                image == null ? reference : build == null ? context.variables().resolved(image) : reference;
        boolean filled = reference.contains("{{");
        if (ROUTERS.matcher(resolved).find()) {
            service.comment(
                    "Portolan's edge leads domains to services, as this did: most likely it is not needed any more");
        }
        if (reference.isEmpty()) {
            service.comment("image: is missing in the Compose file");
            service.keys().put("image", Part.text("missing"));
            body.toDo("the service has neither image nor build: write its image");
        } else if (!filled && Names.checkImage(resolved) != null) {
            service.keys().put("image", Part.text("invalid"));
            (image == null ? body : image).toDo("not a valid image: " + Names.checkImage(resolved));
        } else {
            service.keys().put("image", reference);
        }
    }

    private void command(Cursor command, ServiceDraft service) {
        Optional<Part> words = words(command);
        if (words.isEmpty()) {
            return;
        }
        if (words.get() instanceof Part.Items items && items.items().isEmpty()) {
            command.lost("an empty command is the image's: write the one that shall run");
            return;
        }
        service.keys().put("cmd", shell(words.get()));
    }

    /** What a shell runs is written as text; only where the list says exactly what Portolan makes of the text. */
    private static Part shell(Part words) {
        if (words instanceof Part.Items items
                && items.items().size() == 3
                && items.items().get(0).equals(Part.text("/bin/sh"))
                && items.items().get(1).equals(Part.text("-c"))
                && items.items().get(2) instanceof Part.Word text
                && !text.text().startsWith("-")) {
            return text;
        }
        return words;
    }

    private void entrypoint(Cursor entrypoint, ServiceDraft service) {
        words(entrypoint).ifPresent(words -> service.keys().put("entrypoint", words));
    }

    /** A list as it is; a text split into words, as Compose does: no shell runs it. */
    private Optional<Part> words(Cursor command) {
        ComposeVariables variables = context.variables();
        if (command.isList()) {
            List<String> words = new ArrayList<>();
            command.items().forEach(item -> words.add(Naming.unfilled(variables.fill(item))));
            return Optional.of(Part.texts(words));
        }
        Optional<List<String>> split = ShellWords.split(variables.fill(command));
        if (split.isEmpty()) {
            command.lost("a quote in it is not closed");
            return Optional.empty();
        }
        return Optional.of(Part.texts(split.get().stream().map(Naming::unfilled).toList()));
    }

    private void depends(Cursor depends, String name, ServiceDraft service) {
        for (Cursor.Pair pair : depends.entries()) {
            Cursor condition = pair.value().get("condition");
            String word = condition == null ? "service_started" : condition.text();
            Cursor required = pair.value().get("required");
            if (required != null && !required.text().equals("true")) {
                required.changed("the service is required here, since it is in the file");
            }
            if (word.equals("service_completed_successfully")) {
                context.waitsForEnd(name, pair.key(), pair.value());
            } else if (word.equals("service_started") || word.equals("service_healthy")) {
                require(pair.key(), pair.value(), service);
            } else {
                pair.value().lost("unknown condition " + word);
            }
        }
        if (!depends.isMap()) {
            for (Cursor item : depends.items()) {
                require(item.text(), item, service);
            }
        }
    }

    private void require(String other, Cursor at, ServiceDraft service) {
        if (context.known(other) && !context.completes(other)) {
            service.keys().add("require", Part.text(context.named(other)));
        } else if (!context.known(other)) {
            at.lost("this file has no service " + other);
        }
    }

    private void links(Cursor links, ServiceDraft service) {
        for (Cursor item : links.items()) {
            String text = context.variables().resolved(item);
            int colon = text.indexOf(':');
            String other = colon < 0 ? text : text.substring(0, colon);
            require(other, item, service);
            if (colon >= 0 && context.known(other)) {
                context.linkAlias(other, text.substring(colon + 1));
            }
        }
    }

    private void profiles(Cursor profiles, ServiceDraft service) {
        List<String> names = new ArrayList<>();
        profiles.items().forEach(item -> names.add(context.variables().resolved(item)));
        service.keys().put("scale", Part.plain(0));
        service.keys()
                .comment(
                        "scale", "it is in the profile " + String.join(", ", names) + " only: scale it to 1 to run it");
        profiles.changed("a service of a profile does not run: scale: 0, until it is scaled");
    }
}
