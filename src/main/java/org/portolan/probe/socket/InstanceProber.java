package org.portolan.probe.socket;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.portolan.engine.Engine;
import org.portolan.model.Durations;
import org.portolan.model.service.CheckRequest;
import org.portolan.model.service.ServiceSpec.Health;
import org.portolan.probe.Prober;

/**
 * Checks over the published port, or by a command in the container. HTTP is one GET of HTTP/1.1 on a separate connection
 * of which only the status line is read: 200 to 399 passes.
 */
public final class InstanceProber implements Prober {
    private static final int LONGEST_STATUS_LINE = 512;

    private final Engine engine;

    public InstanceProber(Engine engine) {
        this.engine = engine;
    }

    @Override
    public Answer ask(String container, String address, int hostPort, Health health) {
        return switch (health.type()) {
            case HTTP -> http(address, hostPort, CheckRequest.of(health), health.timeout());
            case TCP -> tcp(address, hostPort, health.timeout());
            case EXEC -> exec(container, health);
            case ENGINE -> throw new IllegalArgumentException("the engine runs this check itself");
        };
    }

    private Answer exec(String container, Health health) {
        Engine.ExecResult result = engine.exec(container, health.command(), health.timeout());
        if (result.exitCode() == 0) {
            return new Answer(true, "");
        }
        String what = result.timedOut()
                ? "its check took longer than the timeout of " + Durations.format(health.timeout())
                : "its check exited with status " + result.exitCode();
        String output = result.output().strip();
        return new Answer(false, output.isEmpty() ? what : what + ": " + output);
    }

    private static Answer tcp(String address, int port, Duration timeout) {
        try (Socket socket = connect(address, port, timeout)) {
            return new Answer(true, "");
        } catch (IOException refused) {
            return new Answer(false, "connecting: " + reason(refused, timeout));
        }
    }

    private static Answer http(String address, int port, CheckRequest request, Duration timeout) {
        String what = request.method() + " " + request.target() + ": ";
        long end = System.nanoTime() + timeout.toNanos();
        try (Socket socket = connect(address, port, timeout)) {
            socket.getOutputStream().write(request.text().getBytes(StandardCharsets.ISO_8859_1));
            String line = statusLine(socket, end);
            int status = status(line);
            if (status >= 200 && status < 400) {
                return new Answer(true, "");
            }
            return new Answer(false, what + (status > 0 ? "answered " + status : "no HTTP answer"));
        } catch (IOException refused) {
            return new Answer(false, what + reason(refused, timeout));
        }
    }

    private static Socket connect(String address, int port, Duration timeout) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address, port), millis(timeout.toNanos()));
            return socket;
        } catch (IOException refused) {
            socket.close();
            throw refused;
        }
    }

    /** Reads to the end of the first line, however slowly it drips, but not beyond the deadline. */
    private static String statusLine(Socket socket, long end) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder line = new StringBuilder();
        while (line.length() < LONGEST_STATUS_LINE) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new SocketTimeoutException();
            }
            socket.setSoTimeout(millis(left));
            int next = in.read();
            if (next < 0 || next == '\n') {
                break;
            }
            line.append((char) next);
        }
        return line.toString();
    }

    private static int status(String line) {
        int space = line.indexOf(' ');
        if (!line.startsWith("HTTP/1.") || space < 0 || line.length() < space + 4) {
            return 0;
        }
        try {
            return Integer.parseInt(line.substring(space + 1, space + 4));
        } catch (NumberFormatException garbage) {
            return 0;
        }
    }

    private static int millis(long nanos) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, nanos / 1_000_000));
    }

    private static String reason(IOException problem, Duration timeout) {
        if (problem instanceof SocketTimeoutException) {
            return "no answer within " + Durations.format(timeout);
        }
        String message = problem.getMessage();
        return message == null ? problem.getClass().getSimpleName() : message.toLowerCase(java.util.Locale.ROOT);
    }
}
