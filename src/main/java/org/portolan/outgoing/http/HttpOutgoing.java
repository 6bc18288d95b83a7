package org.portolan.outgoing.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.outgoing.Outgoing;
import org.portolan.process.SystemCertificates;

/** By the JDK's client, which is made when something is sent. Redirects are not followed, and answers not read. */
public final class HttpOutgoing implements Outgoing {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration WHOLE = Duration.ofSeconds(15);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    private @Nullable HttpClient client;

    private synchronized HttpClient client() throws IOException {
        HttpClient open = client;
        if (open == null) {
            SystemCertificates.use();
            open = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(CONNECT)
                    .build();
            client = open;
        }
        return open;
    }

    @Override
    public Answer post(Message message) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(message.url()))
                    .timeout(WHOLE)
                    .POST(HttpRequest.BodyPublishers.ofString(message.body()));
            message.headers().forEach(request::header);
            HttpResponse<InputStream> response =
                    client().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            // What it says is of no use, and may have no end.
            response.body().close();
            return new Answer(response.statusCode(), "", retryAfter(response));
        } catch (IllegalArgumentException malformed) {
            return none("the URL is not valid");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return none("it was stopped");
        } catch (IOException problem) {
            return none(reason(problem));
        }
    }

    private static Answer none(String why) {
        return new Answer(0, why, Optional.empty());
    }

    /** The kind of trouble: messages of the client may show the address. */
    private static String reason(IOException problem) {
        return switch (problem) {
            case java.net.http.HttpTimeoutException timeout -> "no answer in time";
            case java.net.ConnectException refused -> "cannot connect";
            case javax.net.ssl.SSLException tls ->
                "no TLS connection (its certificate is not trusted, or it does not use TLS)";
            default -> "the connection broke (" + problem.getClass().getSimpleName() + ")";
        };
    }

    private static Optional<Duration> retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(text ->
                        text.length() < 7 && !text.isEmpty() && text.chars().allMatch(Character::isDigit))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .map(pause -> pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
    }

    @Override
    public synchronized void close() {
        HttpClient open = client;
        client = null;
        if (open != null) {
            open.shutdownNow();
        }
    }
}
