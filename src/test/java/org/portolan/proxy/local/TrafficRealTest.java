package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.portolan.process.Commands;

/** How requests and answers are carried: their limits, what is logged, and what the proxies say themselves. */
@Tag("real")
class TrafficRealTest extends TrafficCase {
    private static String[] headers(int count, int length) {
        String[] headers = new String[count];
        for (int i = 0; i < count; i++) {
            headers[i] = "X-H" + i + ": " + "v".repeat(length);
        }
        return headers;
    }

    @Test
    void headersPassUpToOneLimitAndBeyondItThePageSaysSo() throws IOException {
        service(1, (app, socket, head, body) -> {
            String[] words = head.split(" ", -1)[1].split("/", -1);
            if (words[1].equals("answer")) {
                RawApp.ok(socket, "yes", headers(Integer.parseInt(words[2]), Integer.parseInt(words[3])));
            } else {
                RawApp.ok(
                        socket,
                        "count=" + (head.toLowerCase(java.util.Locale.ROOT).split("\nx-h", -1).length - 1));
            }
        });
        for (int port : new int[] {fixture.http, mesh}) {
            for (int[] size : new int[][] {{120, 20}, {900, 10}, {4, 15_500}}) {
                assertThat(raw(port, request("GET", "/answer/" + size[0] + "/" + size[1], "Connection: close"), 3000))
                        .as(size[0] + " headers of " + size[1])
                        .startsWith("HTTP/1.1 200")
                        .endsWith("yes");
                List<String> all = new ArrayList<>(List.of(headers(size[0], size[1])));
                all.add("Connection: close");
                assertThat(raw(port, request("GET", "/count", all.toArray(String[]::new)), 3000))
                        .startsWith("HTTP/1.1 200")
                        .contains("count=" + size[0]);
            }
        }
        assertThat(edge(request("GET", "/count", headers(6, 15_500))))
                .startsWith("HTTP/1.1 431")
                .contains("larger than 64 KB");
        assertThat(edge(request("GET", "/count", headers(1, 17_000)))).startsWith("HTTP/1.1 431");
        for (int count : new int[] {6, 12}) {
            assertThat(edge(request("GET", "/answer/" + count + "/15500", "Connection: close")))
                    .startsWith("HTTP/1.1 502")
                    .contains("a header of more than 64 KB");
        }
    }

    @Test
    void whatTheProxiesSayThemselvesIsAPlainPage() throws IOException {
        service(1, (app, socket, head, body) -> {
            if (!head.contains(" /cut")) {
                RawApp.ok(socket, head);
            }
        });
        String kept = request("GET", "/first");
        for (String[] asked : new String[][] {
            {"400", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"},
            {"405", request("TRACE", "/")},
            {"414", request("GET", "/" + "x".repeat(17_000))},
            {"502", kept + request("GET", "/cut", "Connection: close")},
        }) {
            String answer = edge(asked[1]);
            assertThat(answer)
                    .as(asked[0])
                    .contains("HTTP/1.1 " + asked[0])
                    .contains("<style>body{font-family:sans-serif")
                    .doesNotContain("<center>");
        }
        assertThat(raw(fixture.https, request("GET", "/"), 3000))
                .startsWith("HTTP/1.1 400")
                .contains("font-family");
    }

    @Test
    void aPathInUtf8AndHeadersWithUnderscoresReachTheService() throws IOException {
        service(1, (app, socket, head, body) -> RawApp.ok(socket, head));
        String path = new String("/käse".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        String answer = edge(request(
                "GET",
                path,
                "my_header: 1",
                "X_Real_IP: 6.6.6.6",
                "X_Forwarded-For: 6.6.6.6",
                "X-FORWARDED_PROTO: gopher",
                "Connection: close"));
        assertThat(answer)
                .startsWith("HTTP/1.1 200")
                .contains("GET " + path + " HTTP/1.1")
                .contains("my_header: 1")
                .doesNotContain("6.6.6.6")
                .doesNotContain("gopher");
    }

    @Test
    void whatIsRefusedIsLogged() throws Exception {
        service(
                1,
                (app, socket, head, body) -> RawApp.ok(socket, "yes", headers(head.contains(" /12") ? 12 : 6, 15_500)));
        edge(request("GET", "/count?token=geheim", headers(6, 15_500)));
        edge(request("GET", "/6?token=geheim&x=%20HTTP/1.1", "Connection: close"));
        edge(request("GET", "/12?token=geheim#?", "Connection: close"));
        Path log = folder.resolve("proxies/run/nginx-refused.log");
        await(() -> lines(log).size() == 3);
        // Each worker of nginx writes in its turn, after the answer was sent.
        assertThat(lines(log))
                .anySatisfy(line -> assertThat(line).contains(" 431 ").contains("/count"))
                .anySatisfy(line -> assertThat(line)
                        .contains(" 502 ")
                        .contains("\"GET /6 HTTP/1.1\"")
                        .contains("by=nginx"))
                .anySatisfy(line -> assertThat(line)
                        .contains(" 502 ")
                        .contains("\"GET /12 HTTP/1.1\"")
                        .contains("by=HAProxy"));
        assertThat(lines(log)).as("a query string may hold a secret").noneMatch(line -> line.contains("geheim"));
    }

    /** Whoever can send nonsense cannot fill the disk with it. */
    @Test
    void refusalsAreLoggedOnceASecondAtTheMost() throws Exception {
        service(1, (app, socket, head, body) -> RawApp.ok(socket, "yes"));
        for (int i = 0; i < 300; i++) {
            edge(request("TRACE", "/"));
        }
        assertThat(lines(folder.resolve("proxies/run/nginx-refused.log"))).hasSizeBetween(50, 130);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException missing) {
            return List.of();
        }
    }

    @Test
    void logsAreTrimmedInPlaceAndGoOn() throws Exception {
        service(1, (app, socket, head, body) -> RawApp.ok(socket, "yes"));
        Path log = folder.resolve("proxies/run/nginx-error.log");
        Files.write(log, "old\n".repeat(3 << 20).getBytes(StandardCharsets.US_ASCII));
        fixture.proxy.ensureRunning();
        assertThat(log).hasSize(0);
        assertThat(log.resolveSibling("nginx-error.log.1")).hasSize(1 << 20);
        // No certificate for that name: nginx reports it.
        fixture.curl(
                "-k",
                "--resolve",
                "none.org:" + fixture.https + ":127.0.0.1",
                "https://none.org:" + fixture.https + "/");
        await(() -> lines(log).stream().anyMatch(line -> line.contains("none.org")));
        assertThat(Files.size(log)).isLessThan(10_000);
    }

    @Test
    void aFullProxySaysSoInsteadOfHanging() throws Exception {
        fixture.close();
        Files.writeString(folder.resolve("proxies/open-files"), "640");
        fixture.proxy.ensureRunning();
        service(1, (app, socket, head, body) -> RawApp.ok(socket, "yes"));
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                idle.add(new Socket(InetAddress.getLoopbackAddress(), mesh));
            }
            Thread.sleep(200);
            assertThat(edge(request("GET", "/", "Connection: close"))).contains("HTTP/1.1 503", "Too busy");
            assertThat(fixture.proxy.capacities())
                    .anySatisfy(capacity ->
                            assertThat(capacity.troubles().toString()).contains("haproxy is nearly full"));
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
        await(() -> {
            try {
                return edge(request("GET", "/", "Connection: close")).contains("200 OK");
            } catch (IOException refused) {
                return false;
            }
        });
    }

    /** The shell that a deploy comes from sets no limit: what was decided at the first start stays, and is the kernel's. */
    @Test
    void theLimitOfOpenFilesIsDecidedOnce() throws Exception {
        service(1, (app, socket, head, body) -> RawApp.ok(socket, "yes"));
        String before = Files.readString(folder.resolve("proxies/nginx.conf"));
        long decided = Long.parseLong(Files.readString(folder.resolve("proxies/open-files")));
        assertThat(fixture.proxy.capacities())
                .hasSize(2)
                .allSatisfy(capacity -> assertThat(capacity.fileLimit()).isGreaterThanOrEqualTo(decided))
                .allSatisfy(capacity -> assertThat(capacity.troubles()).isEmpty());
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String child = Commands.run(
                        List.of(
                                "sh",
                                "-c",
                                "ulimit -n 512; exec " + java + " -cp '" + System.getProperty("java.class.path") + "' "
                                        + LowLimits.class.getName() + " " + folder.resolve("proxies") + " "
                                        + fixture.http
                                        + " " + fixture.https + " " + fixture.stats + " " + mesh),
                        Duration.ofSeconds(60))
                .output();
        assertThat(child).contains("own limit 512").contains("applied");
        assertThat(folder.resolve("proxies/nginx.conf")).hasContent(before);
        assertThat(fixture.proxy.capacities())
                .allSatisfy(capacity -> assertThat(capacity.fileLimit()).isGreaterThanOrEqualTo(decided));
    }
}
