package org.portolan.model.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.portolan.model.service.ServiceSpec.EnvValue;
import org.portolan.model.service.ServiceSpec.Health;

/**
 * The request of an HTTP check, whole. Portolan's probe and the proxy both send this one, so that an instance cannot pass
 * one and fail the other because of what was asked.
 *
 * @param target path and query
 * @param headers in the order in which they are sent, {@code Host} first
 */
public record CheckRequest(String method, String target, List<Header> headers) {
    /** The host that is asked for where neither the file nor a domain names one. */
    public static final String LOCALHOST = "localhost";

    /** A header of the request. */
    public record Header(String name, String value) {}

    /** Headers that a file cannot set: they are the request's own, or would make another message of it. */
    public static final Set<String> OWN =
            Set.of("host", "connection", "content-length", "transfer-encoding", "expect", "upgrade", "te", "trailer");

    /** What a check asks. */
    public static CheckRequest of(Health health) {
        List<Header> headers = new ArrayList<>();
        headers.add(new Header("Host", health.host().isEmpty() ? LOCALHOST : health.host()));
        Set<String> written = new TreeSet<>();
        for (Map.Entry<String, EnvValue> header : health.headers().entrySet()) {
            written.add(header.getKey().toLowerCase(Locale.ROOT));
        }
        if (!written.contains("user-agent")) {
            headers.add(new Header("User-Agent", "portolan"));
        }
        if (!written.contains("accept")) {
            headers.add(new Header("Accept", "*/*"));
        }
        health.headers().forEach((name, value) -> headers.add(new Header(name, value.text())));
        headers.add(new Header("Connection", "close"));
        return new CheckRequest("GET", health.path(), List.copyOf(headers));
    }

    /** The request as HTTP/1.1 sends it. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        for (Header header : headers) {
            text.append(header.name()).append(": ").append(header.value()).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    /** Without the headers' values, which may be secret. */
    @Override
    public String toString() {
        return method + " " + target + " " + headers.stream().map(Header::name).toList();
    }
}
