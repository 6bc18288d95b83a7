package org.portolan.model;

import java.util.Optional;
import org.portolan.model.Failure.Kind;

/** The rule for the names of deployments, services, volumes and ports: they become parts of other names. */
public final class NameRule {
    private static final int LONGEST = 63;

    private NameRule() {}

    /** What is wrong with a name, in words; empty: nothing is. */
    public static Optional<String> fault(String name) {
        if (name.isEmpty() || name.length() > LONGEST) {
            return Optional.of("use 1 to " + LONGEST + " characters");
        }
        if (!name.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
            return Optional.of("use lower-case letters, digits and hyphens");
        }
        return name.startsWith("-") || name.endsWith("-")
                ? Optional.of("it must not begin or end with a hyphen")
                : Optional.empty();
    }

    /**
     * For one that comes into being.
     *
     * @throws Failure when it cannot be a deployment's
     */
    public static void requireDeployment(String name) {
        fault(name).ifPresent(wrong -> {
            throw new Failure(Kind.INVALID, "invalid deployment name '" + name + "'").withHint(wrong);
        });
    }
}
