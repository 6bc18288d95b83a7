package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.cli.CommandWays.Way;
import picocli.CommandLine;

/** Who does a command's work is as the table says. */
class CommandWaysTest {
    private static final Path PAGE = Path.of("docs/controller.md");
    private static final String BEGIN =
            "<!-- the table below is written from the commands: mvn -Dtest=CommandWaysTest -Dupdate test -->\n";
    private static final String END = "<!-- end of the table -->";

    /** What each needs besides its name to get as far as asking somebody. */
    private static final Map<String, String> ARGUMENTS = Map.ofEntries(
            Map.entry("render", "@Servicefile --nginx"),
            Map.entry("plan", "@Servicefile"),
            Map.entry("deploy", "@Servicefile"),
            Map.entry("inspect", "-D shop web"),
            Map.entry("diff", "shop"),
            Map.entry("create-deployment", "shop"),
            Map.entry("set-service", "-D shop web"),
            Map.entry("scale", "-D shop web=2"),
            Map.entry("stop", "-D shop"),
            Map.entry("start", "-D shop"),
            Map.entry("restart", "-D shop"),
            Map.entry("remove", "shop --yes"),
            Map.entry("exec", "-D shop web sh"),
            Map.entry("run", "-D shop web sh"),
            Map.entry("rollback", "-D shop"),
            Map.entry("unpin", "-D shop"),
            Map.entry("promote", "-D shop"),
            Map.entry("abort", "-D shop"),
            Map.entry("pause", "-D shop"),
            Map.entry("resume", "-D shop"),
            Map.entry("suspend", "shop"),
            Map.entry("approve", "shop"),
            Map.entry("notify", "site"),
            Map.entry("volume backup", "v @v.tar"),
            Map.entry("volume restore", "v @v.tar"),
            Map.entry("volume remove", "v --yes"),
            Map.entry("secret list", "-D shop"),
            Map.entry("secret show", "-D shop Pin"),
            Map.entry("secret set", "-D shop Pin"),
            Map.entry("secret rotate", "-D shop Pin"),
            Map.entry("source add", "https://git.internal/a.git"),
            Map.entry("source remove", "a"),
            Map.entry("webhook secret", "a"),
            Map.entry("token add", "a --scope read"),
            Map.entry("token remove", "a"),
            Map.entry("key add", "a @key"),
            Map.entry("key remove", "a"),
            Map.entry("system backup", "@b"),
            Map.entry("system restore", "@b"));

    @TempDir
    Path folder;

    private CliRun run(String command, Map<String, String> environment) {
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        for (String word : ARGUMENTS.getOrDefault(command, "").split(" ")) {
            if (!word.isEmpty()) {
                words.add(
                        word.startsWith("@") ? folder.resolve(word.substring(1)).toString() : word);
            }
        }
        return CliRun.with("4711\n", environment, "", words.toArray(new String[0]));
    }

    @Test
    void eachCommandIsInTheTable() {
        TreeSet<String> leaves = new TreeSet<>();
        for (String name : CommandTable.names()) {
            leaves(name, new CommandLine(CommandTable.create(name).syntax().spec()), leaves);
        }
        assertThat(new TreeSet<>(CommandWays.commands())).isEqualTo(leaves);
    }

    private static void leaves(String name, CommandLine command, TreeSet<String> into) {
        if (command.getSubcommands().isEmpty()) {
            into.add(name);
        }
        command.getSubcommands().forEach((sub, line) -> leaves(name + " " + sub, line, into));
    }

    @Test
    void withAControllerElsewhereEachAsksItOrIsRefusedOrNeedsNone() throws IOException {
        Files.writeString(folder.resolve("Servicefile"), "Name: shop\nweb: {image: \"web:1\", port: 80}\n");
        Path home = folder.resolve("home");
        Map<String, String> elsewhere =
                Map.of("PORTOLAN_URL", "unix:" + folder.resolve("none.sock"), "PORTOLAN_HOME", home.toString());
        for (String command : CommandWays.commands()) {
            Way way = CommandWays.of(command);
            if (way == Way.FILES) {
                continue;
            }
            CliRun run = run(command, elsewhere);
            if (way == Way.MACHINE) {
                assertThat(run.status()).as(command + run.err()).isEqualTo(1);
                assertThat(run.err()).as(command).contains("does not go through a controller");
            } else {
                assertThat(run.status()).as(command + run.err()).isEqualTo(4);
                assertThat(run.err()).as(command).contains("cannot reach the controller at");
            }
        }
        assertThat(home).doesNotExist();
    }

    /** Something answers there that is a controller of this version, and nothing else that is understood. */
    @Test
    void onTheControllersMachineItIsAskedForWhatTheTableSays() throws IOException {
        Files.writeString(folder.resolve("Servicefile"), "Name: shop\nweb: {image: \"web:1\", port: 80}\n");
        // The path of a socket has to be short.
        Path home = Files.createTempDirectory("ways");
        Path socket = home.resolve("api.sock");
        List<String> asked = new CopyOnWriteArrayList<>();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread.ofPlatform().daemon().start(() -> answer(server, asked));
            for (String command : CommandWays.commands()) {
                if (CommandWays.of(command) == Way.CONTROLLER) {
                    asked.clear();
                    CliRun run = run(command, Map.of("PORTOLAN_HOME", home.toString()));
                    assertThat(asked).as(command + run.err()).anyMatch(line -> line.contains(" /v1/"));
                }
            }
        } finally {
            Files.deleteIfExists(socket);
        }
    }

    private static void answer(ServerSocketChannel server, List<String> asked) {
        try {
            while (true) {
                try (SocketChannel client = server.accept()) {
                    ByteBuffer head = ByteBuffer.allocate(64 * 1024);
                    client.read(head);
                    String line =
                            StandardCharsets.ISO_8859_1.decode(head.flip()).toString();
                    asked.add(line.substring(0, Math.max(0, line.indexOf('\r'))));
                    String status = line.startsWith("GET /healthz") ? "200 OK" : "409 No";
                    client.write(ByteBuffer.wrap(
                            ("HTTP/1.1 " + status + "\r\nPortolan-Version: development\r\nContent-Length: 2\r\n\r\n{}")
                                    .getBytes(StandardCharsets.ISO_8859_1)));
                }
            }
        } catch (IOException closed) {
            // The test has ended.
        }
    }

    @Test
    void thePageHasTheTable() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(page).contains(BEGIN, END);
        String wanted = page.substring(0, page.indexOf(BEGIN))
                + BEGIN
                + CommandWays.markdown()
                + page.substring(page.indexOf(END));
        if (System.getProperty("update") != null) {
            Files.writeString(PAGE, wanted);
        }
        assertThat(Files.readString(PAGE))
                .as("out of date; run: mvn test -Dtest=CommandWaysTest -Dupdate")
                .isEqualTo(wanted);
    }
}
