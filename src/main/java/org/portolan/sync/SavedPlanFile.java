package org.portolan.sync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.plan.json.PlanJson;
import org.portolan.plan.json.SavedPlan;
import org.portolan.plan.json.ShownPlan;
import org.portolan.process.AtomicFiles;
import org.portolan.process.FileProblems;
import org.portolan.source.Located;

/**
 * A plan in a file: what {@link PlanJson} writes, and in the field {@code source} which Servicefile it is of. It is
 * deployed only while each deployment's fingerprint still holds. It keeps no secret: parameters whose names say that they
 * are one are given again.
 *
 * @param repository the address of the Git repository; "" for a file
 * @param commit the commit in it
 * @param path the Servicefile
 * @param deployment what {@code -D} said; "" for nothing
 * @param parameters those given by hand
 * @param withheld parameters given by hand whose values are secret
 * @param fingerprints by deployment
 */
public record SavedPlanFile(
        String repository,
        String commit,
        String path,
        String deployment,
        Map<String, String> parameters,
        List<String> withheld,
        Map<String, String> fingerprints) {
    private static final long MOST_BYTES = 16 << 20;

    /**
     * Writes the plans of what was just read.
     *
     * @param secretNames words in the names of parameters whose values are not kept
     */
    public static void write(Path file, List<ShownPlan> plans, LoadedSource read, List<String> secretNames) {
        Map<String, Object> source = new LinkedHashMap<>();
        Located located = read.located();
        if (read.request().place() instanceof SourceRequest.Place.Local local) {
            source.put("repository", "");
            source.put("commit", "");
            source.put("path", local.file().toAbsolutePath().normalize().toString());
        } else {
            source.put("repository", located.source().location());
            source.put("commit", located.origin().commit().orElse(""));
            source.put("path", located.path());
        }
        source.put("deployment", read.request().deployment().orElse(""));
        Map<String, String> kept = new LinkedHashMap<>();
        List<String> withheld = new ArrayList<>();
        read.request().parameters().forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (secretNames.stream().anyMatch(lower::contains)) {
                withheld.add(name);
            } else {
                kept.put(name, value);
            }
        });
        source.put("parameters", kept);
        if (!withheld.isEmpty()) {
            source.put("withheld", withheld);
        }
        byte[] text = PlanJson.write(plans, Map.of("source", source));
        AtomicFiles.write(file.toAbsolutePath(), text, AtomicFiles.PRIVATE);
    }

    public static SavedPlanFile read(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new Failure(Kind.INVALID, file + " is too large to be a saved plan");
            }
            return PlanJson.read(file.toString(), Files.readAllBytes(file), SavedPlanFile::of);
        } catch (IOException unreadable) {
            throw FileProblems.ofGiven("read the plan", file, unreadable)
                    .withRemedy(Remedy.of("create one with: ").and(Call.of(Verb.PLAN, "-o", file.toString())));
        }
    }

    private static SavedPlanFile of(List<SavedPlan> plans, StrictJson file) {
        Map<String, String> fingerprints = new TreeMap<>();
        plans.forEach(plan -> fingerprints.put(plan.deployment(), plan.fingerprint()));
        StrictJson source = file.at("source");
        return new SavedPlanFile(
                source.text("repository"),
                source.text("commit"),
                source.text("path"),
                source.text("deployment"),
                source.sorted("parameters", StrictJson::text),
                source.find("withheld").isPresent() ? source.texts("withheld") : List.of(),
                fingerprints);
    }

    /**
     * What was planned, to be read again.
     *
     * @param given parameters that are given again, or for the first time
     * @param address the repository's, with its credentials
     * @param named the deployment that is asked for now, where the plan was made without one
     */
    public SourceRequest request(Map<String, String> given, Optional<String> address, Optional<String> named) {
        Map<String, String> values = new TreeMap<>(parameters);
        values.putAll(given);
        for (String name : withheld) {
            if (!values.containsKey(name)) {
                throw new Failure(Kind.INVALID, "the plan does not contain the secret parameter " + name)
                        .withHint("add it: --set " + name + "=…");
            }
        }
        SourceRequest.Place place = repository.isEmpty()
                ? new SourceRequest.Place.Local(Path.of(path))
                : new SourceRequest.Place.Repository(address.orElse(repository), Optional.of(commit), path);
        return new SourceRequest(place, values, deployment.isEmpty() ? named : Optional.of(deployment), false, true);
    }

    /** What has to hold when it is deployed. */
    public ExpectedPlans expected() {
        return new ExpectedPlans(fingerprints);
    }
}
