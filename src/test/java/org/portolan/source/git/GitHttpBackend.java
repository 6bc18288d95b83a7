package org.portolan.source.git;

import com.sun.net.httpserver.HttpExchange;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;

/** Git's own {@code http-backend} for requests of a test's HTTP server. */
public final class GitHttpBackend {
    private final Path repositories;

    /** @param repositories the folder of bare ones, each shown under its name */
    public GitHttpBackend(Path repositories) {
        this.repositories = repositories;
    }

    /** Answers one request; whoever calls closes it. */
    public void answer(HttpExchange exchange) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("git", "http-backend");
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("GIT_PROJECT_ROOT", repositories.toString());
        environment.put("GIT_HTTP_EXPORT_ALL", "1");
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
        environment.put("REMOTE_USER", "git");
        environment.put("REQUEST_METHOD", exchange.getRequestMethod());
        environment.put("PATH_INFO", exchange.getRequestURI().getPath());
        environment.put("QUERY_STRING", header(exchange.getRequestURI().getQuery()));
        environment.put("CONTENT_TYPE", header(exchange.getRequestHeaders().getFirst("Content-Type")));
        environment.put(
                "HTTP_CONTENT_ENCODING", header(exchange.getRequestHeaders().getFirst("Content-Encoding")));
        environment.put("GIT_PROTOCOL", header(exchange.getRequestHeaders().getFirst("Git-Protocol")));
        Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var in = process.getOutputStream()) {
            exchange.getRequestBody().transferTo(in);
        }
        try (InputStream out = new BufferedInputStream(process.getInputStream())) {
            int status = 200;
            for (String line = line(out); !line.isEmpty(); line = line(out)) {
                String[] field = line.split(": ", 2);
                if (field[0].equals("Status")) {
                    status = Integer.parseInt(field[1].substring(0, 3));
                } else {
                    exchange.getResponseHeaders().add(field[0], field[1]);
                }
            }
            exchange.sendResponseHeaders(status, 0);
            out.transferTo(exchange.getResponseBody());
        }
    }

    private static String header(@org.jspecify.annotations.Nullable String value) {
        return value == null ? "" : value;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
