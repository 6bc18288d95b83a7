package org.portolan.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.model.Problem;

/** What is wrong with the entries of a section, in the order in which it was found. */
final class ConfigFaults {
    private final List<Problem> problems = new ArrayList<>();

    /** @param hint what to do; "" where the message says it */
    void add(ConfigEntry entry, String message, String hint) {
        Problem problem = Problem.error(entry.at(), message);
        add(hint.isEmpty() ? problem : problem.withHint(hint));
    }

    void add(Problem problem) {
        problems.add(problem);
    }

    /** An entry's only value as it was written; a list is a fault. */
    Optional<String> single(ConfigEntry entry) {
        if (entry.items().size() == 1) {
            return Optional.of(entry.items().getFirst());
        }
        add(entry, entry.path() + " should be a single value, not a list", "");
        return Optional.empty();
    }

    boolean isEmpty() {
        return problems.isEmpty();
    }

    int count() {
        return problems.size();
    }

    List<Problem> all() {
        return List.copyOf(problems);
    }
}
