package org.portolan.webhook;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.json.JsonTree;
import org.portolan.json.NotJson;

/**
 * Reads deliveries. Nothing of a body is looked at before its signature holds, and of a genuine one only which refs were pushed:
 * what they hold now is fetched from the source.
 */
public final class Webhooks {
    /** Bytes of a body. */
    public static final int MOST_BYTES = 1 << 20;

    private static final int MOST_VALUES = 100_000;
    private static final int MOST_REFS = 1000;
    private static final int LONGEST_REF = 1000;
    private static final String BRANCH = "refs/heads/";
    private static final String TAG = "refs/tags/";

    private Webhooks() {}

    /**
     * What a request comes to.
     *
     * @param secrets of which the sender must know one; empty ones are known to everybody and do not count
     */
    public static Verdict read(HookRequest request, List<String> secrets, Instant now) {
        if (request.body().length > MOST_BYTES) {
            return new Verdict.Refused(Verdict.Why.TOO_LARGE);
        }
        HookSender sender = null;
        for (HookSender each : HookSender.values()) {
            if (sender == null && each.sent(request)) {
                sender = each;
            }
        }
        if (sender == null) {
            return new Verdict.Refused(Verdict.Why.UNSIGNED);
        }
        List<String> usable =
                secrets.stream().filter(secret -> !secret.isBlank()).toList();
        Optional<Verdict.Why> fault = sender.fault(request, usable, now);
        if (fault.isPresent()) {
            return new Verdict.Refused(fault.get());
        }
        String event = sender.event(request);
        if (!event.equals(HookSender.PUSH)) {
            return new Verdict.Other(sender, event);
        }
        return push(sender, request);
    }

    private static Verdict push(HookSender sender, HookRequest request) {
        byte[] json = request.json();
        Object tree;
        try {
            if (JsonTree.values(json, MOST_VALUES) > MOST_VALUES) {
                return new Verdict.Refused(Verdict.Why.MALFORMED);
            }
            tree = sender == HookSender.PLAIN && json.length == 0 ? Map.of() : JsonTree.read(json);
        } catch (NotJson malformed) {
            return new Verdict.Refused(Verdict.Why.MALFORMED);
        }
        if (!(tree instanceof Map<?, ?> body)) {
            return new Verdict.Refused(Verdict.Why.MALFORMED);
        }
        boolean several = sender == HookSender.BITBUCKET;
        if (sender == HookSender.GITLAB && request.any("x-gitlab-event").equals("System Hook")) {
            String name = text(body.get("event_name"));
            several = name.equals("repository_update");
            if (!several && !name.equals("push") && !name.equals("tag_push")) {
                return new Verdict.Other(sender, name);
            }
        }
        List<String> refs = new ArrayList<>();
        List<String> commits = new ArrayList<>();
        boolean unsaid = false;
        if (several) {
            unsaid = changes(body, refs, commits);
        } else {
            add(text(body.get("ref")), refs);
            commits.add(text(body.get(sender == HookSender.PLAIN ? "commit" : "after")));
        }
        if (refs.isEmpty() && !unsaid && sender != HookSender.PLAIN) {
            return new Verdict.Refused(Verdict.Why.MALFORMED);
        }
        if (unsaid) {
            // Then it may be of any.
            refs.clear();
            commits.clear();
        }
        String commit = commits.isEmpty() ? "" : commits.getFirst();
        return new Verdict.Push(
                sender, List.copyOf(refs), isCommit(commit) ? commit : "", sender.id(request), sender.marks(request));
    }

    /**
     * Several at once. Bitbucket Cloud: {@code push.changes[].new.{type,name,target.hash}}, {@code old} when it was removed. Data Center and its
     * mirrors: {@code changes[].refId}. GitLab: {@code changes[].ref}.
     *
     * @return whether it does not say all of them: senders leave the list empty when there are too many
     */
    private static boolean changes(Map<?, ?> body, List<String> refs, List<String> commits) {
        boolean cloud = body.get("push") instanceof Map<?, ?>;
        Object changes = cloud ? at(body, "push", "changes") : body.get("changes");
        if (!(changes instanceof List<?> list)) {
            return false;
        }
        for (Object change : list) {
            if (cloud) {
                String side = at(change, "new") == null ? "old" : "new";
                String name = text(at(change, side, "name"));
                if (!name.isEmpty()) {
                    add((text(at(change, side, "type")).equals("tag") ? TAG : BRANCH) + name, refs);
                    commits.add(text(at(change, "new", "target", "hash")));
                }
            } else {
                boolean server = at(change, "refId") != null;
                add(text(at(change, server ? "refId" : "ref")), refs);
                commits.add(text(at(change, server ? "toHash" : "after")));
            }
        }
        return list.isEmpty() || list.size() > MOST_REFS || Boolean.TRUE.equals(body.get("refLimitExceeded"));
    }

    private static void add(String ref, List<String> refs) {
        if (!ref.isEmpty() && ref.length() <= LONGEST_REF && refs.size() < MOST_REFS) {
            refs.add(ref);
        }
    }

    private static @Nullable Object at(@Nullable Object node, String... path) {
        Object found = node;
        for (String key : path) {
            found = found instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return found;
    }

    private static String text(@Nullable Object node) {
        return node instanceof String text ? text : "";
    }

    /** What is shown of a payload is a commit, and nothing that somebody wrote; only zeros stand for a ref that is gone. */
    private static boolean isCommit(String text) {
        return (text.length() == 40 || text.length() == 64)
                && text.chars().allMatch(letter -> Character.digit(letter, 16) >= 0)
                && text.chars().anyMatch(letter -> letter != '0');
    }

    /**
     * Whether a push concerns what a source follows.
     *
     * @param followed a branch, tag or pattern with {@code *}; empty: the repository's default branch, whichever that is
     * @param pushed in full; none: whatever it was
     */
    public static boolean concerns(Optional<String> followed, List<String> pushed) {
        if (followed.isEmpty() || pushed.isEmpty()) {
            return true;
        }
        for (String ref : pushed) {
            for (String name : names(ref)) {
                if (isLike(name, followed.get())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A ref in full and in short. */
    private static List<String> names(String ref) {
        List<String> names = new ArrayList<>(List.of(ref));
        for (String before : List.of(BRANCH, TAG)) {
            if (ref.startsWith(before)) {
                names.add(ref.substring(before.length()));
            }
        }
        return names;
    }

    /** In time that grows with the lengths' product at most, whatever the texts are. */
    private static boolean isLike(String text, String pattern) {
        int at = 0;
        int in = 0;
        int star = -1;
        int from = 0;
        while (at < text.length()) {
            if (in < pattern.length() && pattern.charAt(in) == '*') {
                star = in++;
                from = at;
            } else if (in < pattern.length() && pattern.charAt(in) == text.charAt(at)) {
                in++;
                at++;
            } else if (star >= 0) {
                in = star + 1;
                at = ++from;
            } else {
                return false;
            }
        }
        while (in < pattern.length() && pattern.charAt(in) == '*') {
            in++;
        }
        return in == pattern.length();
    }
}
