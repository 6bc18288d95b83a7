import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.portolan.json.JsonTree;
import org.portolan.json.StrictJson;

/**
 * Enough of Docker's API for scripts/archive to rehearse a deploy where there is no engine: containers and networks that
 * exist only as records, and published ports that answer every request with 200. Ends when it is killed, or after four minutes.
 * Usage: java -cp target/portolan.jar scripts/FakeEngine.java SOCKET
 */
final class FakeEngine {
    private static final String IMAGE = "sha256:" + "1".repeat(64);

    private final Map<String, Map<String, Object>> containers = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> networks = new LinkedHashMap<>();
    private final Map<String, List<ServerSocket>> listeners = new LinkedHashMap<>();

    public static void main(String[] args) throws IOException {
        Thread.ofPlatform().daemon().start(FakeEngine::endInTime);
        FakeEngine engine = new FakeEngine();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(Path.of(args[0])));
            while (true) {
                SocketChannel client = server.accept();
                Thread.ofVirtual().start(() -> engine.serve(client));
            }
        }
    }

    private static void endInTime() {
        try {
            Thread.sleep(240_000);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(0);
    }

    private void serve(SocketChannel client) {
        try (client;
                InputStream in = Channels.newInputStream(client);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(client))) {
            while (true) {
                String request = line(in);
                if (request.isEmpty()) {
                    return;
                }
                int length = 0;
                boolean chunked = false;
                for (String header = line(in); !header.isEmpty(); header = line(in)) {
                    String lower = header.toLowerCase(java.util.Locale.ROOT);
                    length = lower.startsWith("content-length:") ? Integer.parseInt(lower.substring(15).strip()) : length;
                    chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
                }
                byte[] body = chunked ? chunks(in) : in.readNBytes(length);
                String[] words = request.split(" ");
                Answer answer = answer(words[0], words[1].replaceFirst("^/v[0-9.]+/", "/"), body);
                byte[] text = JsonTree.bytes(answer.body());
                boolean empty = answer.status() == 204;
                out.write(("HTTP/1.1 " + answer.status() + " X\r\nApi-Version: 1.41\r\nContent-Type: application/json\r\n"
                                + (empty ? "" : "Content-Length: " + text.length + "\r\n") + "\r\n")
                        .getBytes(StandardCharsets.UTF_8));
                if (!empty) {
                    out.write(text);
                }
                out.flush();
            }
        } catch (IOException gone) {
            // The other side has ended.
        }
    }

    private record Answer(int status, Object body) {}

    private synchronized Answer answer(String method, String target, byte[] body) throws IOException {
        String path = target.replaceFirst("\\?.*", "");
        String[] parts = path.substring(1).split("/");
        return switch (parts[0]) {
            case "_ping" -> new Answer(200, Map.of());
            case "version" -> new Answer(200, Map.of("Version", "20.10", "ApiVersion", "1.41", "MinAPIVersion", "1.12"));
            case "info" -> new Answer(200, Map.of("ID", "FAKE", "ServerVersion", "20.10"));
            case "images" -> new Answer(200, Map.of("Id", IMAGE, "RepoTags", List.of(), "RepoDigests", List.of(),
                    "Config", Map.of("ExposedPorts", Map.of())));
            case "volumes" -> new Answer(200, Map.of("Volumes", List.of()));
            case "networks" -> network(method, parts, body);
            case "containers" -> container(method, parts, target, body);
            default -> new Answer(404, Map.of("message", "no " + path));
        };
    }

    private Answer network(String method, String[] parts, byte[] body) throws IOException {
        if (method.equals("GET") && parts.length == 1) {
            return new Answer(200, new ArrayList<>(networks.values()));
        }
        if (parts.length == 2 && parts[1].equals("create")) {
            Map<String, Object> network = new LinkedHashMap<>(StrictJson.read(body).map());
            network.put("Id", "network" + networks.size());
            network.put("IPAM", Map.of("Config", List.of(Map.of("Subnet", "127.0.0.0/24", "Gateway", "127.0.0.1"))));
            networks.put(String.valueOf(network.get("Name")), network);
            return new Answer(201, network);
        }
        Map<String, Object> network = networks.get(parts[1]);
        return network == null ? missing(parts[1]) : new Answer(200, network);
    }

    private Answer container(String method, String[] parts, String target, byte[] body) throws IOException {
        if (parts[1].equals("json")) {
            return new Answer(200, new ArrayList<>(containers.values()));
        }
        if (parts[1].equals("create")) {
            String name = target.replaceFirst(".*[?&]name=([^&]*).*", "$1");
            StrictJson request = StrictJson.read(body);
            Object labels = request.map().get("Labels");
            Map<String, Object> made = new LinkedHashMap<>();
            made.put("Id", "id-" + name);
            made.put("Image", IMAGE);
            made.put("ImageID", IMAGE);
            made.put("State", "created");
            made.put("Name", "/" + name);
            made.put("Names", List.of("/" + name));
            made.put("Status", "Created");
            made.put("Created", 1_700_000_000L);
            made.put("Labels", labels);
            List<Map<String, Object>> ports = ports(request.at("HostConfig").map().get("PortBindings"));
            made.put("Ports", ports);
            Map<String, Object> config = new LinkedHashMap<>();
            config.put("Labels", labels);
            made.put("Config", config);
            Map<String, Object> host = new LinkedHashMap<>();
            host.put("RestartPolicy", request.at("HostConfig").map().get("RestartPolicy"));
            made.put("HostConfig", host);
            containers.put(name, made);
            return new Answer(201, made);
        }
        Map<String, Object> found = containers.get(parts[1].replaceFirst("^id-", ""));
        if (found == null) {
            // In an engine's own words: by them it is known that there is such a call.
            return new Answer(404, Map.of("message", "No such container: " + parts[1]));
        }
        if (method.equals("DELETE")) {
            containers.remove(parts[1].replaceFirst("^id-", ""));
            quiet(found);
            return new Answer(204, found);
        }
        String verb = parts.length > 2 ? parts[2] : "";
        switch (verb) {
            case "start" -> {
                found.put("State", "running");
                listen(found);
            }
            case "stop", "kill" -> {
                found.put("State", "exited");
                quiet(found);
            }
            case "json" -> {
                Map<String, Object> full = new LinkedHashMap<>(found);
                Object state = found.get("State");
                full.put("State", Map.of("Status", state, "Running", "running".equals(state),
                        "StartedAt", "2026-01-01T00:00:00Z"));
                full.put("NetworkSettings", Map.of("Ports", published(found)));
                return new Answer(200, full);
            }
            default -> {
                return new Answer(200, found);
            }
        }
        return new Answer(204, found);
    }

    /** {@code HostConfig.PortBindings} in the form of the list of containers. */
    private static List<Map<String, Object>> ports(Object bindings) {
        List<Map<String, Object>> ports = new ArrayList<>();
        if (bindings instanceof Map<?, ?> all) {
            all.forEach((port, places) -> {
                Map<?, ?> place = (Map<?, ?>) ((List<?>) places).getFirst();
                ports.add(Map.of(
                        "IP", place.get("HostIp"),
                        "PrivatePort", Integer.parseInt(port.toString().replaceFirst("/.*", "")),
                        "PublicPort", Integer.parseInt(place.get("HostPort").toString()),
                        "Type", "tcp"));
            });
        }
        return ports;
    }

    /** The same in the form of one container's {@code NetworkSettings.Ports}. */
    private static Map<String, Object> published(Map<String, Object> container) {
        Map<String, Object> ports = new LinkedHashMap<>();
        for (Object port : (List<?>) container.get("Ports")) {
            Map<?, ?> one = (Map<?, ?>) port;
            ports.put(
                    one.get("PrivatePort") + "/tcp",
                    List.of(Map.of("HostIp", one.get("IP"), "HostPort", one.get("PublicPort").toString())));
        }
        return ports;
    }

    private void listen(Map<String, Object> container) throws IOException {
        quiet(container);
        List<ServerSocket> sockets = new ArrayList<>();
        for (Object port : (List<?>) container.get("Ports")) {
            Map<?, ?> one = (Map<?, ?>) port;
            ServerSocket socket =
                    new ServerSocket((Integer) one.get("PublicPort"), 16, InetAddress.getByName((String) one.get("IP")));
            sockets.add(socket);
            Thread.ofVirtual().start(() -> welcome(socket));
        }
        listeners.put((String) container.get("Id"), sockets);
    }

    private void quiet(Map<String, Object> container) throws IOException {
        List<ServerSocket> sockets = listeners.remove((String) container.get("Id"));
        for (ServerSocket socket : sockets == null ? List.<ServerSocket>of() : sockets) {
            socket.close();
        }
    }

    private static void welcome(ServerSocket socket) {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
                while (!line(client.getInputStream()).isEmpty()) {
                    // A header.
                }
                client.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\nup\n"
                                .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException gone) {
                // The client left, or the container was stopped.
            }
        }
    }

    private static Answer missing(String name) {
        return new Answer(404, Map.of("message", "no such thing: " + name));
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
            all.write(in.readNBytes(size));
            line(in);
        }
        line(in);
        return all.toByteArray();
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
            if (octet != '\r') {
                line.write(octet);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
