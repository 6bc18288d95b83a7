package org.portolan.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.portolan.model.Position;
import org.portolan.model.Problem;
import org.portolan.source.BranchPattern;

/** Reads {@code branches} of a source: for each branch its deployment, or a map with that and what else is its own. */
final class ConfigBranches {
    private static final String EXAMPLE = "for example: branches: {main: production, staging: staging}";

    /** A branch may have dots in its name, so that the keys after it are looked for from the end. */
    private static final Pattern INNER =
            Pattern.compile("(.+)\\.(deployment|env\\.([A-Za-z_][A-Za-z0-9_]*)|parameters\\.([^.]+))");

    private final ConfigFaults problems;
    private final SortedMap<String, Rule> rules = new TreeMap<>();

    /** One, as far as it was read. */
    private static final class Rule {
        private final Position at;
        private final SortedMap<String, Configuration.Secret> env = new TreeMap<>();
        private final SortedMap<String, String> parameters = new TreeMap<>();
        private Optional<String> deployment = Optional.empty();

        Rule(Position at) {
            this.at = at;
        }
    }

    ConfigBranches(ConfigFaults problems) {
        this.problems = problems;
    }

    boolean isEmpty() {
        return rules.isEmpty();
    }

    void read(ConfigEntry entry, String rest) {
        if (rest.isEmpty()) {
            problems.add(entry, "'" + entry.path() + "' should be a map of branches to deployments", EXAMPLE);
            return;
        }
        Optional<String> value = problems.single(entry);
        Matcher inner = INNER.matcher(rest);
        boolean deep = inner.matches();
        Rule rule = rules.computeIfAbsent(deep ? inner.group(1) : rest, branch -> new Rule(entry.at()));
        if (value.isEmpty()) {
            return;
        }
        if (deep && inner.group(3) != null) {
            rule.env.put(inner.group(3), new Configuration.Secret(value.get()));
        } else if (deep && inner.group(4) != null) {
            rule.parameters.put(inner.group(4), value.get());
        } else {
            rule.deployment = value;
            another(entry, deep ? inner.group(1) : rest, value.get());
        }
    }

    private void another(ConfigEntry entry, String branch, String deployment) {
        rules.entrySet().stream()
                .filter(known -> !known.getKey().equals(branch)
                        && known.getValue()
                                .deployment
                                .filter(deployment::equals)
                                .isPresent())
                .findFirst()
                .ifPresent(other -> problems.add(
                        entry,
                        entry.path() + ": the deployment " + deployment + " is already deployed from the branch "
                                + other.getKey(),
                        "use a different deployment for each branch"));
    }

    /** What only the whole shows. */
    void check(Position source) {
        List<Problem> found = new ArrayList<>();
        rules.forEach((branch, rule) -> {
            boolean pattern = BranchPattern.isPattern(branch);
            if (rule.deployment.isEmpty()) {
                found.add(Problem.error(rule.at, "the branch " + branch + " has no deployment")
                        .withHint(EXAMPLE));
            } else if (pattern && BranchPattern.parse(branch).isEmpty()) {
                found.add(Problem.error(rule.at, "the branch '" + branch + "' should have one *")
                        .withHint("for example: branches: {\"release/*\": \"shop-*\"}"));
            } else if (pattern != BranchPattern.isPattern(rule.deployment.get())) {
                found.add(Problem.error(
                                rule.at,
                                pattern
                                        ? "each branch that is like " + branch + " needs a separate deployment"
                                        : "the deployment of the branch " + branch + " should have no *")
                        .withHint("for example: branches: {\"release/*\": \"shop-*\"}"));
            }
        });
        found.forEach(problems::add);
    }

    SortedMap<String, SourceSettings.Branch> rules() {
        SortedMap<String, SourceSettings.Branch> all = new TreeMap<>();
        for (Map.Entry<String, Rule> rule : rules.entrySet()) {
            rule.getValue()
                    .deployment
                    .ifPresent(deployment -> all.put(
                            rule.getKey(),
                            new SourceSettings.Branch(deployment, rule.getValue().env, rule.getValue().parameters)));
        }
        return all;
    }
}
