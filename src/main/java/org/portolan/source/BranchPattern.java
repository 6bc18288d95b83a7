package org.portolan.source;

import java.util.Locale;
import java.util.Optional;

/**
 * A pattern of branches, such as {@code release/*}: its one {@code *} stands for any letters, slashes too.
 *
 * @param before what stands in front of the star
 * @param after what stands behind it
 */
public record BranchPattern(String before, String after) {
    private static final int MOST_LETTERS = 50;

    /** Whether a branch, or the deployment of some, is meant as a pattern. */
    public static boolean isPattern(String text) {
        return text.indexOf('*') >= 0;
    }

    /** Reads one; empty when there is not exactly one star. */
    public static Optional<BranchPattern> parse(String text) {
        int star = text.indexOf('*');
        return star < 0 || text.indexOf('*', star + 1) >= 0
                ? Optional.empty()
                : Optional.of(new BranchPattern(text.substring(0, star), text.substring(star + 1)));
    }

    public boolean matches(String branch) {
        return star(branch).isPresent();
    }

    /** What the star stands for in a branch; empty when that is not like the pattern. */
    public Optional<String> star(String branch) {
        boolean like = branch.length() > before.length() + after.length()
                && branch.startsWith(before)
                && branch.endsWith(after);
        return like
                ? Optional.of(branch.substring(before.length(), branch.length() - after.length()))
                : Optional.empty();
    }

    /** The pattern with something in the place of its star. */
    public String with(String star) {
        return before + star + after;
    }

    /** A branch, or what a star stands for, as names of deployments are written: {@code 1.2/Fix} is {@code 1-2-fix}. */
    public static String asName(String text) {
        StringBuilder name = new StringBuilder();
        String lower = text.toLowerCase(Locale.ROOT);
        for (int i = 0; i < lower.length() && name.length() < MOST_LETTERS; i++) {
            char c = lower.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (plain) {
                name.append(c);
            } else if (!name.isEmpty() && name.charAt(name.length() - 1) != '-') {
                name.append('-');
            }
        }
        while (!name.isEmpty() && name.charAt(name.length() - 1) == '-') {
            name.setLength(name.length() - 1);
        }
        return name.toString();
    }

    @Override
    public String toString() {
        return before + "*" + after;
    }
}
