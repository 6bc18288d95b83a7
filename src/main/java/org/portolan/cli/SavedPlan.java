package org.portolan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.model.Desired;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;
import org.portolan.plan.Action;
import org.portolan.plan.Plan;
import org.portolan.process.AtomicFiles;
import org.portolan.source.Located;

/**
 * A plan in a file: which Servicefile it is of, and the fingerprint of what each deployment was to become and of what ran.
 * It is deployed only while both still hold. It keeps no secret: parameters whose names say so are given again.
 *
 * @param repository the address of the Git repository; "" for a file
 * @param commit the commit in it
 * @param path the Servicefile
 * @param deployment what {@code -D} said; "" for nothing
 * @param parameters those given by hand
 * @param withheld parameters given by hand whose values are secret
 * @param fingerprints by deployment
 */
record SavedPlan(
        String repository,
        String commit,
        String path,
        String deployment,
        Map<String, String> parameters,
        List<String> withheld,
        Map<String, String> fingerprints,
        List<Plan> plans) {
    private static final int FORMAT = 1;

    /** The plan of what was just read. */
    static SavedPlan of(
            SourceOptions options,
            SourceOptions.Read read,
            Optional<String> deployment,
            List<Plan> plans,
            List<String> secretNames) {
        Map<String, String> parameters = new TreeMap<>();
        List<String> withheld = new ArrayList<>();
        options.parameters().forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (secretNames.stream().anyMatch(lower::contains)) {
                withheld.add(name);
            } else {
                parameters.put(name, value);
            }
        });
        Map<String, String> fingerprints = new TreeMap<>();
        plans.forEach(plan -> fingerprints.put(plan.deployment(), plan.fingerprint()));
        boolean git = options.gitAddress().isPresent();
        return new SavedPlan(
                git ? read.located().source().location() : "",
                git ? read.located().origin().commit().orElse("") : "",
                git
                        ? read.located().path()
                        : Path.of(options.fileName())
                                .toAbsolutePath()
                                .normalize()
                                .toString(),
                deployment.orElse(""),
                parameters,
                withheld,
                fingerprints,
                plans);
    }

    void write(Path file) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("format", FORMAT);
        fields.put("repository", repository);
        fields.put("commit", commit);
        fields.put("path", path);
        fields.put("deployment", deployment);
        fields.put("parameters", parameters);
        fields.put("withheld", withheld);
        fields.put("fingerprints", fingerprints);
        Map<String, Object> actions = new LinkedHashMap<>();
        for (Plan plan : plans) {
            actions.put(
                    plan.deployment(),
                    plan.actions().stream().map(SavedPlan::text).toList());
        }
        fields.put("actions", actions);
        AtomicFiles.write(file, JsonLines.pretty(fields).getBytes(StandardCharsets.UTF_8), AtomicFiles.PRIVATE);
    }

    private static String text(Action action) {
        return action.kind().mark() + " " + action.summary();
    }

    static SavedPlan read(Path file) {
        JsonNode tree;
        try {
            tree = new ObjectMapper().readTree(Files.readAllBytes(file));
        } catch (IOException unreadable) {
            throw new Failure(ExitStatus.INVALID, "cannot read the plan " + file + ": " + unreadable.getMessage());
        }
        if (tree.path("format").asInt() != FORMAT || !tree.path("fingerprints").isObject()) {
            throw new Failure(ExitStatus.INVALID, file + " is not a saved plan")
                    .withHint("Make one with: portolan plan -o " + file);
        }
        List<String> withheld = new ArrayList<>();
        tree.path("withheld").forEach(name -> withheld.add(name.asText()));
        return new SavedPlan(
                tree.path("repository").asText(),
                tree.path("commit").asText(),
                tree.path("path").asText(),
                tree.path("deployment").asText(),
                texts(tree.path("parameters")),
                withheld,
                texts(tree.path("fingerprints")),
                List.of());
    }

    private static Map<String, String> texts(JsonNode map) {
        Map<String, String> texts = new TreeMap<>();
        map.properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }

    /** Finds and reads the Servicefile again; the command line may give the repository's address with its credentials. */
    SourceOptions.Read source(Context context, SourceOptions given) {
        Map<String, String> values = new TreeMap<>(parameters);
        values.putAll(given.parameters());
        for (String name : withheld) {
            if (!values.containsKey(name)) {
                throw Failures.usage(
                        "the plan does not hold the secret parameter " + name, "Give it: --set " + name + "=…");
            }
        }
        Located located = repository.isEmpty()
                ? context.parts().sources().local(Path.of(path))
                : context.parts().sources().git(given.gitAddress().orElse(repository), Optional.of(commit), path);
        Optional<String> name = deployment.isEmpty() ? context.options().deployment() : Optional.of(deployment);
        return SourceOptions.read(context, located, values, name, false, true);
    }

    void checkDeployments(List<Desired> deployments) {
        TreeSet<String> names = new TreeSet<>();
        deployments.forEach(desired -> names.add(desired.name()));
        if (!names.equals(fingerprints.keySet())) {
            throw new Failure(ExitStatus.FAILED, "the saved plan is stale: the file declares other deployments now")
                    .withHint("Make a new one with portolan plan -o FILE, look at it, and deploy that.");
        }
    }

    String fingerprint(String name) {
        return fingerprints.getOrDefault(name, "");
    }
}
