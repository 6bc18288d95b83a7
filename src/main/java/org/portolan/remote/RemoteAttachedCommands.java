package org.portolan.remote;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.json.JsonMismatch;
import org.portolan.json.JsonTree;
import org.portolan.json.NotJson;
import org.portolan.json.StrictJson;
import org.portolan.model.container.CommandStreams;
import org.portolan.model.container.Container;
import org.portolan.operate.AttachedCommands;

/** Those of a controller elsewhere: over a WebSocket, with the frames that its API describes. */
final class RemoteAttachedCommands implements AttachedCommands {
    private static final String PROTOCOL = "v5.channel.k8s.io";
    private static final byte INPUT = 0;
    private static final byte OUTPUT = 1;
    private static final byte ERROR = 2;
    private static final byte STATUS = 3;
    private static final byte SIZE = 4;
    private static final byte[] END_OF_INPUT = {(byte) 255, INPUT};

    /** RFC 6455, section 7.4.1: what was sent is against the other side's rules. */
    private static final int NOT_ALLOWED = 1008;

    /** Whole frames of this are taken, and so few bytes wait when the command does not read them. */
    private static final int PART = 16 * 1024;

    private final ApiClient client;
    private final String who;

    RemoteAttachedCommands(ApiClient client, String who) {
        this.client = client;
        this.who = who;
    }

    @Override
    public int exec(Container instance, List<String> command, CommandStreams streams) {
        String deployment = instance.instance().orElseThrow().deployment();
        return talk(deployment, "/instances/" + ApiClient.segment(instance.name()) + "/exec", command, streams);
    }

    @Override
    public int run(String deployment, String service, List<String> command, CommandStreams streams) {
        return talk(deployment, "/services/" + ApiClient.segment(service) + "/run", command, streams);
    }

    private int talk(String deployment, String what, List<String> command, CommandStreams streams) {
        String path = "/v1/deployments/" + ApiClient.segment(deployment) + what;
        try (WebSocket socket = client.socket(path, PROTOCOL, ApiClient.onBehalfOf(who))) {
            return client.talking(() -> attached(socket, command, streams));
        }
    }

    private int attached(WebSocket socket, List<String> command, CommandStreams streams) throws IOException {
        try (AutoCloseable terminal = streams.begin()) {
            ask(socket, command, streams);
            try (AutoCloseable sizes = streams.begun(socket::close, (rows, columns) -> resize(socket, rows, columns))) {
                if (streams.interactive()) {
                    InputStream input = streams.input();
                    Thread.ofPlatform().daemon().name("input").start(() -> pass(input, socket));
                }
                return read(socket, streams);
            }
        } catch (IOException | RuntimeException failure) {
            throw failure;
        } catch (Exception closing) {
            throw new IllegalStateException(closing);
        }
    }

    private static void ask(WebSocket socket, List<String> command, CommandStreams streams) {
        byte[] asked =
                JsonTree.bytes(Map.of("command", command, "stdin", streams.interactive(), "tty", streams.terminal()));
        try {
            socket.writeParts(WebSocket.TEXT, asked, PART);
        } catch (IOException refused) {
            // Why is read next.
        }
    }

    private int read(WebSocket socket, CommandStreams streams) throws IOException {
        Optional<WebSocket.Message> message = socket.read();
        while (message.isPresent()) {
            byte[] bytes = message.get().bytes();
            if (message.get().text() || bytes.length == 0) {
                throw new WebSocket.Broken("a message without a stream");
            }
            byte[] rest = Arrays.copyOfRange(bytes, 1, bytes.length);
            if (bytes[0] == STATUS) {
                return status(rest);
            }
            if (bytes[0] != OUTPUT && bytes[0] != ERROR) {
                throw new WebSocket.Broken("unknown stream " + bytes[0]);
            }
            if (!streams.output(bytes[0] == ERROR, rest, rest.length)) {
                return CommandStreams.LEFT;
            }
            message = socket.read();
        }
        throw socket.status() == NOT_ALLOWED ? client.refused(socket.reason()) : client.gone(socket.reason());
    }

    private int status(byte[] text) {
        try {
            StrictJson status = StrictJson.read(text);
            if (status.text("status").equals("Success")) {
                return 0;
            }
            if (status.find("problem").isPresent()) {
                throw ProblemReply.failure(status.at("problem"));
            }
            List<Integer> codes = new ArrayList<>();
            status.at("details").list("causes", cause -> cause).stream()
                    .filter(cause -> cause.text("reason").equals("ExitCode"))
                    .forEach(cause -> codes.add(Integer.parseInt(cause.text("message"))));
            return codes.getFirst();
        } catch (NotJson | JsonMismatch | NumberFormatException | java.util.NoSuchElementException other) {
            throw client.notUnderstood("how a command ended is not said");
        }
    }

    private static void pass(InputStream input, WebSocket socket) {
        byte[] part = new byte[PART];
        part[0] = INPUT;
        try {
            for (int count = input.read(part, 1, PART - 1); count >= 0; count = input.read(part, 1, PART - 1)) {
                socket.write(WebSocket.BINARY, Arrays.copyOf(part, count + 1));
            }
            socket.write(WebSocket.BINARY, END_OF_INPUT);
        } catch (IOException ended) {
            // The command ended before its input did.
        }
    }

    private static void resize(WebSocket socket, int rows, int columns) {
        byte[] size = JsonTree.bytes(Map.of("Width", (long) columns, "Height", (long) rows));
        byte[] frame = new byte[size.length + 1];
        frame[0] = SIZE;
        System.arraycopy(size, 0, frame, 1, size.length);
        try {
            socket.write(WebSocket.BINARY, frame);
        } catch (IOException ended) {
            // Whoever reads sees it.
        }
    }
}
