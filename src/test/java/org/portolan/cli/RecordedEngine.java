package org.portolan.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.portolan.json.JsonTree;
import org.portolan.json.StrictJson;

/** A Docker Engine of which only the answers are left: what it said of its containers once. It refuses every change. */
final class RecordedEngine implements AutoCloseable {
    /** Requests that would have changed something. */
    final List<String> changes = new CopyOnWriteArrayList<>();

    private final Path answers;
    private final ServerSocketChannel server;

    RecordedEngine(Path answers, Path socket) throws IOException {
        this.answers = answers;
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofPlatform().daemon().name("recorded-engine").start(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                Thread.ofPlatform().daemon().start(() -> serve(client));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(SocketChannel client) {
        try (client;
                InputStream in = Channels.newInputStream(client);
                OutputStream out = Channels.newOutputStream(client)) {
            for (String request = line(in); !request.isEmpty(); request = line(in)) {
                for (String header = line(in); !header.isEmpty(); ) {
                    header = line(in);
                }
                String[] words = request.split(" ", -1);
                String path = words[1].replaceFirst("^/v[0-9.]+/", "/").replaceFirst("\\?.*", "");
                if (!words[0].equals("GET") && !words[0].equals("HEAD")) {
                    changes.add(request);
                }
                Object answer = words[0].equals("GET") || words[0].equals("HEAD") ? answer(path) : null;
                byte[] body = JsonTree.bytes(answer == null ? Map.of("message", "not recorded: " + path) : answer);
                out.write(("HTTP/1.1 " + (answer == null ? 404 : 200) + " X\r\nApi-Version: 1.41\r\n"
                                + "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));
                if (!words[0].equals("HEAD")) {
                    out.write(body);
                }
                out.flush();
            }
        } catch (IOException gone) {
            // The other side has ended.
        }
    }

    private Object answer(String path) throws IOException {
        String[] parts = path.substring(1).split("/", -1);
        String rest = path.substring(1 + parts[0].length());
        String name = rest.replaceFirst("^/", "").replaceFirst("/json$", "");
        return switch (parts[0]) {
            case "_ping" -> Map.of();
            case "version" -> Map.of("Version", "20.10.24", "ApiVersion", "1.41", "MinAPIVersion", "1.12");
            case "info" -> Map.of("ID", "RECORDED", "ServerVersion", "20.10.24");
            case "containers" ->
                rest.equals("/json")
                        ? read("containers")
                        : find(
                                "inspected",
                                item -> item.textOrEmpty("Id").startsWith(name)
                                        || item.textOrEmpty("Name").equals("/" + name));
            case "networks" ->
                rest.isEmpty()
                        ? read("networks")
                        : find(
                                "networks",
                                item -> item.textOrEmpty("Id").equals(name)
                                        || item.textOrEmpty("Name").equals(name));
            case "volumes" -> read("volumes");
            case "images" ->
                rest.equals("/json")
                        ? read("images")
                        : find(
                                "images",
                                item -> item.textOrEmpty("Id").equals(name)
                                        || item.texts("RepoTags").contains(name));
            default -> null;
        };
    }

    private Object read(String name) throws IOException {
        return JsonTree.read(Files.readAllBytes(answers.resolve(name + ".json")));
    }

    private Object find(String file, Predicate<StrictJson> wanted) throws IOException {
        for (StrictJson item : StrictJson.of(read(file)).list()) {
            if (wanted.test(item)) {
                return item.value();
            }
        }
        return null;
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

    @Override
    public void close() throws IOException {
        server.close();
    }
}
