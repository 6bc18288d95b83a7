package org.portolan.plan;

import java.util.ArrayList;
import java.util.List;
import org.portolan.model.Problem;

/**
 * Writes plans as Markdown for a comment on a pull request: a table of the actions, each with its first reason, and all of it folded
 * below. Its first line is a hidden comment that stays the same for a Servicefile, by which a bot finds what it wrote before.
 */
public final class PlanMarkdown {
    /** GitHub takes 65,536 characters, GitLab 1,000,000. */
    private static final int MOST_CHARACTERS = 60_000;

    private static final int MOST_ROWS = 100;
    private static final int LONGEST_CELL = 300;
    private static final String SPECIAL = "\\`*_[]|~#!";

    private PlanMarkdown() {}

    /**
     * The whole comment.
     *
     * @param servicefile its path in the repository, "" when it is not in one
     * @param departures what goes since the file no longer names it
     */
    public static String render(String servicefile, List<Plan> plans, List<Action> departures) {
        String whole = render(servicefile, plans, departures, true);
        return whole.length() <= MOST_CHARACTERS ? whole : render(servicefile, plans, departures, false);
    }

    private static String render(String servicefile, List<Plan> plans, List<Action> departures, boolean folded) {
        StringBuilder out = new StringBuilder(marker(servicefile)).append('\n');
        out.append("### Portolan plan");
        if (!servicefile.isEmpty()) {
            out.append(" for ").append(code(servicefile));
        }
        out.append("\n\n");
        boolean changes = !departures.isEmpty();
        for (Plan plan : plans) {
            changes |= !plan.isEmpty();
        }
        if (!changes) {
            out.append("No changes.\n");
        }
        for (Plan plan : plans) {
            plan(plan, folded, out);
        }
        if (!departures.isEmpty()) {
            out.append("**No longer in the file**\n\n");
            table(departures, out);
        }
        if (!folded) {
            out.append("The details are too long for a comment; a plan on the command line shows them.\n");
        }
        return out.toString();
    }

    /** What a bot looks for. */
    static String marker(String servicefile) {
        // A comment ends at "-->", wherever that came from.
        String name = servicefile.replaceAll("[^A-Za-z0-9./_ -]", "?").replace("--", "-?");
        return "<!-- portolan-plan" + (name.isEmpty() ? "" : ": " + name) + " -->";
    }

    private static void plan(Plan plan, boolean folded, StringBuilder out) {
        if (plan.isEmpty() && plan.warnings().isEmpty()) {
            return;
        }
        out.append("**").append(escape(plan.deployment())).append("**: ");
        out.append(plan.isEmpty() ? "no changes." : PlanText.summary(plan).substring("Plan: ".length()));
        out.append("\n\n");
        for (Problem warning : plan.warnings()) {
            out.append("> ⚠️ ").append(cell(warning.render())).append("\n\n");
        }
        if (plan.isEmpty()) {
            return;
        }
        table(plan.actions(), out);
        for (String consent : plan.consent()) {
            out.append("> ⚠️ **needs consent**: ").append(cell(consent)).append("\n\n");
        }
        if (folded) {
            String text = PlanText.render(plan, true);
            String fence = fence(text);
            out.append("<details><summary>All reasons</summary>\n\n");
            out.append(fence).append("diff\n").append(text).append(fence).append("\n\n</details>\n\n");
        }
    }

    private static void table(List<Action> actions, StringBuilder out) {
        out.append("| | action | why |\n|:-:|---|---|\n");
        for (Action action : actions.subList(0, Math.min(MOST_ROWS, actions.size()))) {
            List<String> reasons = action.reasons();
            out.append("| ").append(code(action.kind().mark())).append(" | ");
            out.append(cell(action.summary())).append(" | ");
            if (!reasons.isEmpty()) {
                out.append(cell(reasons.getFirst()));
                out.append(reasons.size() > 1 ? " (and " + (reasons.size() - 1) + " more)" : "");
            }
            out.append(" |\n");
        }
        if (actions.size() > MOST_ROWS) {
            out.append("| | and ").append(actions.size() - MOST_ROWS).append(" more | |\n");
        }
        out.append('\n');
    }

    /** Text in one line of a table without Markdown, HTML and mentions. */
    private static String cell(String text) {
        String line = String.join(" ", lines(text));
        boolean cut = line.codePointCount(0, line.length()) > LONGEST_CELL;
        return escape(cut ? line.substring(0, line.offsetByCodePoints(0, LONGEST_CELL - 1)) + "…" : line);
    }

    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(lines::add);
        return lines;
    }

    private static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        char before = ' ';
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter == '<') {
                out.append("&lt;");
            } else if (letter == '>') {
                out.append("&gt;");
            } else if (letter == '&') {
                out.append("&amp;");
            } else if (letter == '@' && !Character.isLetterOrDigit(before)) {
                // The character that nobody sees keeps a person of that name from being notified.
                out.append("@\u200b");
            } else if (SPECIAL.indexOf(letter) >= 0) {
                out.append('\\').append(letter);
            } else if (!Character.isISOControl(letter)) {
                out.append(letter);
            }
            before = letter;
        }
        return out.toString();
    }

    private static String code(String text) {
        String fence = "`".repeat(longest(text) + 1);
        return fence + (text.startsWith("`") || text.isBlank() ? " " + text + " " : text) + fence;
    }

    private static String fence(String text) {
        return "`".repeat(Math.max(3, longest(text) + 1));
    }

    /** The longest run of back-ticks. */
    private static int longest(String text) {
        int longest = 0;
        int run = 0;
        for (int i = 0; i < text.length(); i++) {
            run = text.charAt(i) == '`' ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }
}
