package org.portolan.webhook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A delivery in {@code src/test/resources/webhook}: headers, an empty line, the body. Some bodies are those of the hosts' documentation,
 * shortened; the others have all fields of recorded ones with other values. Another program signed them.
 */
public final class RecordedHook {
    public static final String SECRET = "It's a Secret to Everybody";
    /** What GitLab's signing token looks like. */
    public static final String GITLAB = "whsec_dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=";
    /** When those with a time in them were signed. */
    public static final Instant SIGNED = Instant.ofEpochSecond(1_764_320_400);

    private final Map<String, String> headers = new LinkedHashMap<>();
    private byte[] body = {};

    private RecordedHook() {}

    public static RecordedHook read(String name) {
        try {
            String text = Files.readString(Path.of("src/test/resources/webhook", name + ".http"));
            RecordedHook hook = new RecordedHook();
            int end = text.indexOf("\n\n");
            for (String line : text.substring(0, end).split("\n", -1)) {
                int colon = line.indexOf(": ");
                hook.headers.put(line.substring(0, colon), line.substring(colon + 2));
            }
            hook.body = text.substring(end + 2).getBytes(StandardCharsets.UTF_8);
            return hook;
        } catch (IOException missing) {
            throw new IllegalStateException(missing);
        }
    }

    static HookRequest request(String body, String... headers) {
        Map<String, String> all = new LinkedHashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        return new HookRequest(all, body.getBytes(StandardCharsets.UTF_8));
    }

    public HookRequest request() {
        return new HookRequest(headers, body);
    }

    public RecordedHook header(String name, String value) {
        headers.keySet().removeIf(name::equalsIgnoreCase);
        headers.put(name, value);
        return this;
    }

    RecordedHook without(String name) {
        headers.keySet().removeIf(name::equalsIgnoreCase);
        return this;
    }

    public Map<String, String> headers() {
        return headers;
    }

    public byte[] body() {
        return body;
    }

    int length() {
        return body.length;
    }

    RecordedHook altered(int at) {
        body[at] ^= 1;
        return this;
    }
}
