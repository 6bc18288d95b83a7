package org.portolan.webhook;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A request as it came. */
public final class HookRequest {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String FIELD = "payload=";

    private final Map<String, String> headers = new HashMap<>();
    private final byte[] body;

    /**
     * Keeps the parts.
     *
     * @param headers by name, in any case of letters
     * @param body all of it, as it was sent: signatures are of its bytes
     */
    public HookRequest(Map<String, String> headers, byte[] body) {
        headers.forEach((name, value) -> this.headers.put(name.toLowerCase(Locale.ROOT), value.strip()));
        this.body = body.clone();
    }

    /** A header that is there and not empty. */
    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT))).filter(value -> !value.isEmpty());
    }

    /** The first of several headers that is there. */
    String any(String... names) {
        for (String name : names) {
            Optional<String> value = header(name);
            if (value.isPresent()) {
                return value.get();
            }
        }
        return "";
    }

    boolean has(String name) {
        return header(name).isPresent();
    }

    byte[] body() {
        return body;
    }

    /** The JSON in it: some senders put it into a form's field unless they are set up otherwise. */
    byte[] json() {
        if (!any("content-type").toLowerCase(Locale.ROOT).startsWith(FORM)) {
            return body;
        }
        for (String field : new String(body, StandardCharsets.UTF_8).split("&", -1)) {
            if (field.startsWith(FIELD)) {
                return decoded(field.substring(FIELD.length()));
            }
        }
        return new byte[0];
    }

    /** A form's value; empty where it is not one. */
    private static byte[] decoded(String value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(value.length());
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%') {
                int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
                int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
                if (low < 0) {
                    return new byte[0];
                }
                out.write(high * 16 + low);
                i += 2;
            } else {
                out.write(bytes[i] == '+' ? ' ' : bytes[i]);
            }
        }
        return out.toByteArray();
    }
}
