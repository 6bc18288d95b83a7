package org.portolan.remote;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A request to a controller.
 *
 * @param type of the answer that is wanted
 * @param headers beside those that every request has; with a length, they are also those of its body
 * @param body of JSON; empty: none
 * @param limit how long the whole answer may take, of a stream its head
 */
@SuppressWarnings("ArrayRecordComponent") // Written as it is, and compared by nobody.
record Asking(String method, String path, String type, Map<String, String> headers, byte[] body, Duration limit) {
    static final String JSON = "application/json";
    static final String CONTENT_TYPE = "Content-Type";
    static final String CONTENT_LENGTH = "Content-Length";

    byte[] head(ControllerAddress address, Optional<String> token) {
        StringBuilder head = new StringBuilder();
        head.append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(address.authority()).append("\r\n");
        head.append("Accept: ").append(type).append("\r\n");
        if (!headers.containsKey("Connection")) {
            head.append("Connection: close\r\n");
        }
        token.ifPresent(
                secret -> head.append("Authorization: Bearer ").append(secret).append("\r\n"));
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        if (!method.equals("GET") && !headers.containsKey(CONTENT_LENGTH)) {
            head.append(CONTENT_TYPE).append(": ").append(JSON).append("\r\n");
            head.append(CONTENT_LENGTH).append(": ").append(body.length).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
