package org.portolan.proof;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.portolan.testing.PrivateDocker;

/**
 * Keeps what an installation consists of, for a test that a later program understands it: the engine's answers, the store
 * as the commands that make it, the state directory's files and the Servicefile. This machine's paths become {@code @HOME@}
 * and {@code @SITE@}.
 */
final class Recording {
    private static final List<String> HOME = List.of(
            "installation",
            "key",
            "proxies/parts/proof.json",
            "proxies/routes.map",
            "proxies/router-port",
            "proxies/haproxy.cfg",
            "proxies/nginx.conf");
    private static final String CONTAINERS = """
            {containers: [.[] | {Id, Names, Image, ImageID, Created, Labels, State, Status, Ports}]}""";
    private static final String INSPECTED = """
            [.[] | {Id, Name, Created, Image, State, RestartCount,
              HostConfig: (.HostConfig | {RestartPolicy, PortBindings, Binds, Mounts, NetworkMode}),
              Config: (.Config | {Image, Labels, Env, Cmd, Entrypoint, Healthcheck, ExposedPorts, Volumes, StopSignal}),
              Mounts, NetworkSettings: (.NetworkSettings | {Networks, Ports})}]""";

    private final PrivateDocker docker;
    private final Path site;
    private final Path home;

    Recording(PrivateDocker docker, Path site, Path home) {
        this.docker = docker;
        this.site = site;
        this.home = home;
    }

    void write(Path target) throws IOException, InterruptedException {
        engine(target);
        for (String file : HOME) {
            keep(home.resolve(file), target.resolve("home/" + file));
        }
        for (String file : List.of("Servicefile", "site.pem", "site.pem.key")) {
            keep(site.resolve(file), target.resolve("site/" + file));
        }
        store(target.resolve("store.txt"));
    }

    private void engine(Path target) throws IOException, InterruptedException {
        Path raw = Files.createDirectories(target.resolve("engine"));
        answer("/containers/json?all=1", CONTAINERS + " | .containers", raw.resolve("containers.json"));
        answer("/networks", "[.[] | select(.Labels | length > 0)]", raw.resolve("networks.json"));
        answer("/volumes", ".", raw.resolve("volumes.json"));
        Files.writeString(docker.folder().resolve("inspected"), docker.docker(inspect("inspect", "ps", "-aq")));
        ProofPrograms.run(
                raw,
                "sh",
                "-c",
                "jq -c '" + INSPECTED + "' " + docker.folder().resolve("inspected") + " > inspected.json");
        Files.writeString(
                docker.folder().resolve("images"),
                docker.docker("image", "inspect", ProofImages.SERVER, ProofImages.CHECKED, ProofImages.KEEPING));
        ProofPrograms.run(
                raw,
                "sh",
                "-c",
                "jq -c '[.[] | {Id, RepoTags, RepoDigests, Created, Config, Architecture, Os, Size}]' "
                        + docker.folder().resolve("images") + " > images.json");
        try (Stream<Path> files = Files.list(raw)) {
            for (Path file : files.toList()) {
                keep(file, file);
            }
        }
    }

    private String[] inspect(String verb, String... list) {
        List<String> words = new ArrayList<>(List.of(verb));
        words.addAll(List.of(docker.docker(list).strip().split("\n", -1)));
        return words.toArray(String[]::new);
    }

    private void answer(String path, String filter, Path file) throws IOException, InterruptedException {
        ProofPrograms.run(
                file.getParent(),
                "sh",
                "-c",
                "curl -sf --unix-socket " + docker.socket() + " 'http://docker" + path + "' | jq -c '" + filter + "' > "
                        + file.getFileName());
    }

    private void keep(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.writeString(to, general(Files.readString(from)));
    }

    private String general(String text) {
        return text.replace(home.toString(), "@HOME@")
                .replace(site.toString(), "@SITE@")
                .replace(docker.folder().toString(), "@ENGINE@");
    }

    /** The store's commands, one a line: its append-only file, written again without what was overwritten. */
    private void store(Path file) throws IOException, InterruptedException {
        Path folder = home.resolve("store");
        String socket = folder.resolve("redis.sock").toString();
        ProofPrograms.run(folder, "redis-cli", "-s", socket, "config", "set", "aof-use-rdb-preamble", "no");
        ProofPrograms.run(folder, "redis-cli", "-s", socket, "bgrewriteaof");
        for (int i = 0; i < 100; i++) {
            Thread.sleep(100);
            String info = ProofPrograms.run(folder, "redis-cli", "-s", socket, "info", "persistence");
            if (info.contains("aof_rewrite_in_progress:0") && info.contains("aof_rewrite_scheduled:0")) {
                break;
            }
        }
        Path base;
        try (Stream<Path> files = Files.list(folder.resolve("appendonlydir"))) {
            base = files.filter(each -> each.toString().endsWith(".base.aof"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.copy(base, file, StandardCopyOption.REPLACE_EXISTING);
        byte[] all = Files.readAllBytes(file);
        StringBuilder text = new StringBuilder();
        int[] at = {0};
        while (at[0] < all.length) {
            List<String> words = new ArrayList<>();
            for (int count = number(all, at); words.size() < count; ) {
                int length = number(all, at);
                words.add(general(new String(all, at[0], length, StandardCharsets.ISO_8859_1)));
                at[0] += length + 2;
            }
            // What expires is gone by the time that anybody upgrades; the events say what the deployment's log says.
            boolean passing = words.size() > 1 && words.get(1).matches("portolan:((done|queue|lock):.*|events)");
            if (!passing && !words.getFirst().equals("SELECT")) {
                text.append(String.join(
                                "\t", words.stream().map(Recording::printable).toList()))
                        .append('\n');
            }
        }
        Files.writeString(file, text.toString());
    }

    /** The same in ASCII: a backslash as two, other octets as {@code \\xNN}. */
    private static String printable(String word) {
        StringBuilder text = new StringBuilder();
        for (char c : word.toCharArray()) {
            if (c == '\\') {
                text.append("\\\\");
            } else if (c < ' ' || c > '~') {
                text.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    /** A line such as {@code *3} or {@code $12}. */
    private static int number(byte[] all, int[] at) {
        ByteArrayOutputStream digits = new ByteArrayOutputStream();
        for (at[0]++; all[at[0]] != '\r'; at[0]++) {
            digits.write(all[at[0]]);
        }
        at[0] += 2;
        return Integer.parseInt(digits.toString(StandardCharsets.UTF_8));
    }
}
