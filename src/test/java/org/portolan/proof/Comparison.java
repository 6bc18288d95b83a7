package org.portolan.proof;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.portolan.testing.PrivateDocker;

/**
 * The same change, a new value of one variable, made three times by docker-compose, by a Swarm stack and by Portolan, under
 * the same traffic. The others publish a port of the machine, which is what they offer without a proxy of the user's own.
 */
final class Comparison {
    private static final int CHANGES = 3;
    private static final int WORKERS = 4;
    private static final double RATE = 200;
    private static final int PORT = 9100;

    private final PrivateDocker docker;
    private final Map<String, String> environment;
    private final String portolan;
    private final ProofSite.Ports ports;
    private final PrintStream log;

    /** Makes a change: writes files for the given value and runs what brings it about. */
    private interface Change {
        void to(int value) throws IOException, InterruptedException;
    }

    Comparison(
            PrivateDocker docker,
            Map<String, String> environment,
            String portolan,
            ProofSite.Ports ports,
            PrintStream log) {
        this.docker = docker;
        this.environment = new TreeMap<>(environment);
        this.portolan = portolan;
        this.ports = ports;
        this.log = log;
    }

    /** The table, as Markdown. */
    String run() throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder("The same change, " + CHANGES + " times, by others:\n\n"
                + "| tool | requests | lost |\n|---|---:|---:|\n");
        text.append(row("docker-compose up -d (one instance, a published port)", this::compose));
        text.append(row("docker stack deploy (one instance, a port published in host mode)", this::swarm));
        text.append(row("portolan deploy (one instance, behind its proxies)", this::own));
        return text.append('\n').toString();
    }

    private interface Tool {
        Tally measure() throws IOException, InterruptedException;
    }

    private String row(String title, Tool tool) throws InterruptedException {
        try {
            Tally tally = tool.measure();
            log.println(title + ": " + tally.requests() + " requests, " + tally.lost() + " lost");
            tally.losses().stream().limit(2).forEach(loss -> log.println("      " + loss));
            return "| " + title + " | " + tally.requests() + " | " + tally.lost() + " |\n";
        } catch (IOException e) {
            return "| " + title + " | not run: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + " | |\n";
        }
    }

    private Tally measure(int port, String host, Change change) throws IOException, InterruptedException {
        change.to(1);
        ready(port, host, 1);
        Tally tally = new Tally();
        Target target = new Target(host, "/", List.of("one"));
        try (ProofTraffic traffic = new ProofTraffic(tally, new ProofSite.Ports(port, 0, 0), List.of(target))) {
            traffic.startPlain(WORKERS, RATE);
            for (int value = 2; value <= CHANGES + 1; value++) {
                Thread.sleep(1000);
                change.to(value);
                ready(port, host, value);
            }
            Thread.sleep(1000);
        }
        return tally;
    }

    private static void ready(int port, String host, int value) throws IOException, InterruptedException {
        for (int i = 0; i < 1200; i++) {
            try (Connection connection = Connection.plain(port)) {
                if (connection.get(host, "/", "Connection: close\r\n").body().startsWith("one " + value + " ")) {
                    return;
                }
            } catch (IOException notYet) {
                // Asked again below.
            }
            Thread.sleep(50);
        }
        throw new IOException("version " + value + " did not answer within a minute");
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectories(docker.folder().resolve(name));
    }

    private void must(Path folder, String... command) throws IOException, InterruptedException {
        ProofPrograms.Ended ended = ProofPrograms.run(folder, environment, List.of(command));
        if (ended.status() != 0) {
            throw new IOException(ended.output().strip());
        }
    }

    private Tally compose() throws IOException, InterruptedException {
        Path folder = folder("compose");
        try {
            return measure(PORT, "localhost", value -> {
                Files.writeString(
                        folder.resolve("docker-compose.yml"), """
                        version: "3.8"
                        services:
                          one:
                            image: %s
                            environment: {NAME: one, VERSION: "%d"}
                            ports: ["127.0.0.1:%d:8000"]
                        """.formatted(ProofPrograms.IMAGE, value, PORT));
                must(folder, "docker-compose", "up", "-d");
            });
        } finally {
            ProofPrograms.run(folder, environment, List.of("docker-compose", "down", "-t", "1"));
        }
    }

    private Tally swarm() throws IOException, InterruptedException {
        Path folder = folder("swarm");
        must(folder, "docker", "swarm", "init", "--advertise-addr", "127.0.0.1");
        try {
            return measure(PORT, "localhost", value -> {
                Files.writeString(folder.resolve("stack.yml"), """
                        version: "3.8"
                        services:
                          one:
                            image: %s
                            environment: {NAME: one, VERSION: "%d"}
                            ports: [{target: 8000, published: %d, mode: host}]
                            deploy: {endpoint_mode: dnsrr}
                        """.formatted(ProofPrograms.IMAGE, value, PORT));
                must(folder, "docker", "stack", "deploy", "--resolve-image", "never", "-c", "stack.yml", "one");
            });
        } finally {
            ProofPrograms.run(folder, environment, List.of("docker", "swarm", "leave", "--force"));
        }
    }

    private Tally own() throws IOException, InterruptedException {
        Path folder = folder("own");
        return measure(ports.http(), "one.test", value -> {
            Files.writeString(folder.resolve("Servicefile"), """
                    Name: one
                    Domains: {one.test: {http: one}}
                    one:
                      image: %s
                      env: {NAME: one, VERSION: "%d"}
                      ports: {http: 8000}
                    """.formatted(ProofPrograms.IMAGE, value));
            must(folder, portolan, "deploy");
        });
    }
}
