package org.portolan.notify.message;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.portolan.json.JsonTree;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventData;
import org.portolan.model.event.ReleaseEvent.ReleaseDone;
import org.portolan.model.event.ReleaseEvent.ReleaseFailed;
import org.portolan.model.event.ReleaseEvent.ReleaseStarted;

/**
 * How the deploy of a commit stands, as its Git host shows it beside the commit.
 *
 * @param text for people, without secrets
 */
public record CommitStatus(State state, String context, String text) {
    private static final int LONGEST_TEXT = 140;

    /** How it stands, in the words of the hosts. */
    public enum State {
        PENDING("pending", "pending"),
        SUCCESS("success", "success"),
        FAILURE("failure", "failed");

        private final String word;
        private final String gitlab;

        State(String word, String gitlab) {
            this.word = word;
            this.gitlab = gitlab;
        }
    }

    /** A request to a host, without the address that its API begins at. */
    public record Call(String path, Map<String, String> headers, String body) {
        @Override
        public String toString() {
            return path;
        }
    }

    /** What is reported of an event; empty for most of them, and for releases that deploy no commit, such as repairs. */
    public static Optional<CommitStatus> of(Event event) {
        EventData data = event.data();
        State state = null;
        if (data instanceof ReleaseStarted started && started.reason().isEmpty()) {
            state = State.PENDING;
        } else if (data instanceof ReleaseDone done && done.reason().isEmpty()) {
            state = State.SUCCESS;
        } else if (data instanceof ReleaseFailed) {
            state = State.FAILURE;
        }
        return state == null
                ? Optional.empty()
                : Optional.of(new CommitStatus(state, "portolan/" + event.deployment(), shortened(event.message())));
    }

    private static String shortened(String text) {
        String line = text.lines().findFirst().orElse("");
        boolean whole = line.codePointCount(0, line.length()) <= LONGEST_TEXT;
        return whole ? line : line.substring(0, line.offsetByCodePoints(0, LONGEST_TEXT - 1)) + "…";
    }

    /**
     * For GitHub.
     *
     * @param repository {@code owner/name}
     */
    public Call github(String repository, String commit, String token) {
        return new Call(
                "/repos/" + path(repository) + "/statuses/" + commit,
                Map.of(
                        "Authorization", "Bearer " + token,
                        "Accept", "application/vnd.github+json",
                        "X-GitHub-Api-Version", "2022-11-28",
                        "User-Agent", "portolan",
                        "Content-Type", "application/json"),
                body("state", state.word, "context"));
    }

    /** For Gitea and Forgejo. */
    public Call gitea(String repository, String commit, String token) {
        return new Call(
                "/repos/" + path(repository) + "/statuses/" + commit,
                Map.of("Authorization", "token " + token, "Content-Type", "application/json"),
                body("state", state.word, "context"));
    }

    /** For GitLab, whose repositories may lie in groups of groups. */
    public Call gitlab(String repository, String commit, String token) {
        return new Call(
                "/projects/" + encoded(repository) + "/statuses/" + commit,
                Map.of("PRIVATE-TOKEN", token, "Content-Type", "application/json"),
                body("state", state.gitlab, "name"));
    }

    private String body(String key, String word, String contextKey) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put(key, word);
        tree.put(contextKey, context);
        tree.put("description", text);
        return JsonTree.text(tree, false);
    }

    private static String path(String repository) {
        StringBuilder path = new StringBuilder();
        for (String part : repository.split("/", -1)) {
            path.append(path.isEmpty() ? "" : "/").append(encoded(part));
        }
        return path.toString();
    }

    /** As one part of a path: all but letters, digits and what no URL gives a meaning is written as {@code %XX}. */
    private static String encoded(String text) {
        StringBuilder out = new StringBuilder();
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = (one >= 'a' && one <= 'z')
                    || (one >= 'A' && one <= 'Z')
                    || (one >= '0' && one <= '9')
                    || "-._~".indexOf(one) >= 0;
            out.append(
                    plain
                            ? String.valueOf((char) one)
                            : "%" + HexFormat.of().withUpperCase().toHexDigits(one));
        }
        return out.toString();
    }
}
