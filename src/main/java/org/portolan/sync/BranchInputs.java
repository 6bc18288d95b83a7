package org.portolan.sync;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.config.SourceSettings;
import org.portolan.model.service.SourceId;
import org.portolan.source.BranchPattern;

/**
 * What the configuration says of a branch of a source: one answer for the controller, for a hook, and for an automatic deploy by hand.
 *
 * @param deployment the only one that it deploys; empty: what its file names
 */
public record BranchInputs(Optional<String> deployment, SourceInputs inputs) {
    /** A variable with the branch's name, in a form that names of deployments can have. */
    public static final String BRANCH = "BRANCH";

    private static final String HEADS = "refs/heads/";
    private static final int COMMIT_DIGITS = 40;

    /**
     * Finds the rule of a branch, or of the first pattern that it is like.
     *
     * @return empty: the source has rules, and none is for this branch
     */
    public static Optional<BranchInputs> of(SourceSettings source, String branch) {
        SortedMap<String, SourceSettings.Branch> rules =
                source.watch().map(SourceSettings.Watch::branches).orElse(new TreeMap<>());
        if (rules.isEmpty()) {
            boolean like = source.watch()
                    .flatMap(SourceSettings.Watch::ref)
                    .flatMap(BranchPattern::parse)
                    .filter(pattern -> pattern.matches(branch))
                    .isPresent();
            Map<String, String> variables = like ? Map.of(BRANCH, BranchPattern.asName(branch)) : Map.of();
            return Optional.of(new BranchInputs(Optional.empty(), new SourceInputs(source.parameters(), variables)));
        }
        SourceSettings.Branch exact = rules.get(branch);
        if (exact != null) {
            return Optional.of(new BranchInputs(Optional.of(exact.deployment()), inputs(source, branch, exact)));
        }
        for (Map.Entry<String, SourceSettings.Branch> rule : rules.entrySet()) {
            Optional<String> star = BranchPattern.parse(rule.getKey()).flatMap(like -> like.star(branch));
            Optional<BranchPattern> deployment =
                    BranchPattern.parse(rule.getValue().deployment());
            if (star.isPresent() && deployment.isPresent()) {
                return Optional.of(new BranchInputs(
                        Optional.of(deployment.get().with(BranchPattern.asName(star.get()))),
                        inputs(source, branch, rule.getValue())));
            }
        }
        return Optional.empty();
    }

    private static SourceInputs inputs(SourceSettings source, String branch, SourceSettings.Branch rule) {
        SortedMap<String, String> parameters = new TreeMap<>(source.parameters());
        parameters.putAll(rule.parameters());
        SortedMap<String, String> variables = new TreeMap<>();
        if (!source.env().containsKey(BRANCH)) {
            variables.put(BRANCH, BranchPattern.asName(branch));
        }
        rule.env().forEach((name, value) -> variables.put(name, value.text()));
        return new SourceInputs(parameters, variables);
    }

    /**
     * The request of a hook, or of somebody who deploys as one does, with what the configuration gives its source and branch. What was given by
     * hand wins; a deployment that was given and is not the branch's own leaves the branch's rule out.
     */
    static SourceRequest over(SourceRequest request, SourceId source, List<SourceSettings> all) {
        SortedMap<String, String> parameters = new TreeMap<>();
        SortedMap<String, String> variables = new TreeMap<>();
        Optional<String> deployment = request.deployment();
        for (SourceSettings settings : SourceSettings.of(all, source)) {
            parameters.putAll(settings.parameters());
            Optional<BranchInputs> own = branch(request.place()).flatMap(branch -> of(settings, branch));
            if (own.isPresent()
                    && (deployment.isEmpty()
                            || own.get().deployment().isEmpty()
                            || own.get().deployment().equals(deployment))) {
                parameters.putAll(own.get().inputs().parameters());
                variables.putAll(own.get().inputs().variables());
                deployment = deployment.or(own.get()::deployment);
            }
        }
        parameters.putAll(request.parameters());
        variables.putAll(request.variables());
        return new SourceRequest(
                request.place(), parameters, deployment, request.automatic(), request.named(), variables);
    }

    /** The branch that is asked for; a commit is of none. */
    private static Optional<String> branch(SourceRequest.Place place) {
        if (!(place instanceof SourceRequest.Place.Repository repository)) {
            return Optional.empty();
        }
        return repository
                .ref()
                .map(ref -> ref.startsWith(HEADS) ? ref.substring(HEADS.length()) : ref)
                .filter(ref -> !ref.startsWith("refs/") && !isCommit(ref));
    }

    private static boolean isCommit(String ref) {
        return ref.length() == COMMIT_DIGITS && ref.chars().allMatch(c -> Character.digit(c, 16) >= 0);
    }
}
