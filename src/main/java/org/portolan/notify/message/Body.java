package org.portolan.notify.message;

import com.github.mustachejava.MustacheException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.portolan.json.JsonTree;
import org.portolan.json.NotJson;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.template.StrictMustache;

/** What a request says: one notification, or several together. */
public final class Body {
    /** Of several, those that are listed. */
    private static final int MOST_LISTED = 50;

    private static final int LONGEST_TEXT = 2000;

    private Body() {}

    /** A notification with what is known of its release. */
    public record Told(Notification notification, Map<String, String> facts) {
        private Map<String, Object> fields() {
            return notification.fields(facts);
        }

        private String line() {
            String commit = facts.getOrDefault("commit", "");
            String text = notification.message();
            String cut = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + "…" : text;
            boolean named = text.contains(notification.subject());
            return (named ? "" : notification.subject() + ": ")
                    + cut
                    + (commit.isEmpty() ? "" : " (commit " + commit.substring(0, Math.min(10, commit.length())) + ")");
        }
    }

    /** As JSON; several are {@code {"event": "digest", "count": 70, "events": […]}} with the first ones. */
    public static String json(List<Told> told) {
        return JsonTree.text(tree(told), false);
    }

    private static Map<String, Object> tree(List<Told> told) {
        if (told.size() == 1) {
            Map<String, Object> fields = told.getFirst().fields();
            fields.put("text", told.getFirst().line());
            return fields;
        }
        Map<String, Object> digest = new LinkedHashMap<>();
        digest.put("event", "digest");
        digest.put("id", told.getLast().notification().id());
        digest.put("time", told.getLast().notification().at().toString());
        digest.put("count", told.size());
        digest.put("text", digest(told));
        digest.put("events", listed(told).stream().map(Told::fields).toList());
        return digest;
    }

    private static List<Told> listed(List<Told> told) {
        return told.subList(0, Math.min(MOST_LISTED, told.size()));
    }

    private static String digest(List<Told> told) {
        return told.size() + " notifications";
    }

    /** As Slack, Mattermost and Rocket.Chat take it. */
    public static String slack(List<Told> told) {
        StringBuilder text = new StringBuilder();
        if (told.size() > 1) {
            text.append('*').append(digest(told)).append("*\n");
        }
        for (Told one : listed(told)) {
            text.append(one.notification().topic().sign()).append(' ');
            text.append(slackText(one.line())).append('\n');
        }
        if (told.size() > MOST_LISTED) {
            text.append("and ").append(told.size() - MOST_LISTED).append(" more\n");
        }
        return JsonTree.text(Map.of("text", text.toString().strip()), false);
    }

    /** Nothing in it is a link, a mention or a command. */
    private static String slackText(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /**
     * By a template. Values are written as they stand in a JSON string, {@code {{{…}}}} as they are.
     *
     * @param name the template's file, for messages
     * @throws Failure when the template is not well-formed, or uses a name that there is not
     */
    public static String mustache(String name, String template, List<Told> told) {
        Map<String, Object> model = new LinkedHashMap<>();
        for (String field : List.of("who", "source", "commit", "author", "title")) {
            model.put(field, "");
        }
        model.putAll(told.getFirst().fields());
        model.putAll(tree(told));
        model.put("digest", told.size() > 1);
        model.put("count", told.size());
        List<Map<String, Object>> events = new ArrayList<>();
        for (Told one : listed(told)) {
            Map<String, Object> fields = one.fields();
            fields.put("text", one.line());
            events.add(fields);
        }
        model.put("events", events);
        StringWriter text = new StringWriter();
        try {
            new JsonEscaping()
                    .compile(new StringReader(template), "notification")
                    .execute(text, model);
        } catch (MustacheException problem) {
            throw new Failure(Kind.INVALID, "the template " + name + " cannot be used: " + deepest(problem))
                    .withHint("fix the template; docs/notifications.md lists the names")
                    .withCause(problem);
        }
        return text.toString();
    }

    private static String deepest(Throwable problem) {
        String said = problem.toString();
        for (Throwable next = problem; next != null; next = next.getCause()) {
            if (next instanceof MustacheException && next.getMessage() != null) {
                said = next.getMessage();
            }
        }
        return said;
    }

    /** The media type of a body that a template made. */
    public static String type(String body) {
        try {
            JsonTree.read(body.getBytes(StandardCharsets.UTF_8));
            return "application/json";
        } catch (NotJson other) {
            return "text/plain; charset=utf-8";
        }
    }

    private static final class JsonEscaping extends StrictMustache {
        @Override
        public Reader getReader(String partial) {
            throw new MustacheException("partials are not available");
        }

        @Override
        public void encode(String value, Writer writer) {
            String quoted = JsonTree.text(value, false);
            try {
                writer.write(quoted, 1, quoted.length() - 2);
            } catch (IOException problem) {
                throw new MustacheException("cannot write", problem);
            }
        }
    }
}
