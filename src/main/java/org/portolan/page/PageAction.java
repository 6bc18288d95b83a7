package org.portolan.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;

/**
 * Something that who looks may do, as a form.
 *
 * @param name of the form within its page
 * @param summary what opens it
 * @param about what is opened, for who does not see beside what it stands; "" where that is plain
 * @param label on the button
 * @param path that the form is sent to
 * @param says what it does, and how that ends
 * @param points what it does in particular, a line each
 * @param fields that are sent with it: what it is about, and what was seen of it, so that nobody decides about something else
 *     that came in its place
 * @param reasoned whether a reason can be given
 */
public record PageAction(
        String name,
        String summary,
        String about,
        String label,
        String path,
        String says,
        List<String> points,
        List<Sent> fields,
        boolean reasoned) {

    /** A field that is not shown. */
    public record Sent(String key, String value) {
        /** All of them. */
        public static List<Sent> all(Map<String, String> fields) {
            List<Sent> all = new ArrayList<>();
            fields.forEach((key, value) -> all.add(new Sent(key, value)));
            return all;
        }
    }

    /** One that says all in a sentence. */
    static PageAction of(String name, String label, String path, String says, Map<String, String> fields) {
        return new PageAction(name, label, "", label, path, says, List.of(), Sent.all(fields), false);
    }

    /** The same with room for a reason. */
    PageAction withReason() {
        return new PageAction(name, summary, about, label, path, says, points, fields, true);
    }

    /** The same, opened by a shorter text, and what that is about. */
    PageAction shortly(String text, String what) {
        return new PageAction(name, text, what, label, path, says, points, fields, reasoned);
    }

    /** The same with what it does in particular. */
    PageAction pointing(List<String> lines) {
        return new PageAction(name, summary, about, label, path, says, List.copyOf(lines), fields, reasoned);
    }

    /**
     * What can be done about a source, or about a deployment whatever its releases are.
     *
     * @param base the path that the forms' paths begin with
     * @param fields that all of them send
     * @param standing empty: no controller has looked at it
     * @param rests what it means that the controller leaves it alone
     * @param plan what was shown of what an approval leads to, in a few letters; "" for nothing
     * @param may what who looks may do
     */
    static List<PageAction> steering(
            String base,
            Map<String, String> fields,
            Optional<Standing> standing,
            boolean suspended,
            String rests,
            String plan,
            Rights may) {
        List<PageAction> actions = new ArrayList<>();
        if (may.approves()) {
            standing.filter(known -> known.condition() == Condition.PENDING_APPROVAL)
                    .ifPresent(known -> actions.add(of(
                                    "approve",
                                    "Approve",
                                    base + "/approve",
                                    "Agrees to just this, once:",
                                    with(fields, Map.of("id", known.asks(), "plan", plan)))
                            .pointing(List.of(known.what()))
                            .withReason()));
        }
        if (may.deploys() && suspended) {
            actions.add(of("resume", "Resume", base + "/resume", "The controller looks after it again.", fields));
        }
        if (may.deploys() && !suspended && standing.isPresent()) {
            actions.add(
                    of("suspend", "Suspend", base + "/suspend", rests, fields).withReason());
        }
        return actions;
    }

    /** The same of one of several things, with a name that no form of another has. */
    PageAction of(String prefix, String what) {
        return new PageAction(prefix + name, summary, what, label, path, says, points, fields, reasoned);
    }

    private static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
        Map<String, String> all = new TreeMap<>(some);
        all.putAll(more);
        return all;
    }

    /** Whether it does several things. */
    public boolean pointed() {
        return !points.isEmpty();
    }
}
