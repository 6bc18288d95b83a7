package org.portolan.engine.docker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/**
 * Docker's contexts as the docker command stores them: {@code contexts/meta/<SHA-256 of the name>/meta.json}, and
 * certificates in {@code contexts/tls/<SHA-256 of the name>/docker}.
 */
final class DockerContexts {

    private DockerContexts() {}

    /** What a context says of its engine. */
    record Context(String host, Optional<Path> tls, boolean verify) {}

    /** The name in force: {@code DOCKER_CONTEXT}, else config.json's current one, else "". */
    static String chosen(Map<String, String> environment, Path configuration) {
        String named = environment.getOrDefault("DOCKER_CONTEXT", "");
        if (!named.isEmpty()) {
            return named;
        }
        return readConfiguration(configuration).at("currentContext").text();
    }

    /**
     * Docker's config.json, or nothing when there is none.
     *
     * @throws Failure when it is there and cannot be read
     */
    static DockerJson readConfiguration(Path configuration) {
        Path file = configuration.resolve("config.json");
        if (!Files.exists(file)) {
            return DockerJson.NOTHING;
        }
        try {
            return DockerJson.parse(Files.readAllBytes(file));
        } catch (IOException e) {
            // The parser's own message would quote the file, which may hold passwords.
            throw new Failure(Kind.INVALID, "cannot read Docker's configuration " + file)
                    .withHint("check that it is readable JSON; its folder is DOCKER_CONFIG");
        }
    }

    static Context read(Path configuration, String name) {
        String folder = digest(name);
        Path file = configuration.resolve("contexts/meta").resolve(folder).resolve("meta.json");
        try {
            DockerJson endpoint =
                    DockerJson.parse(Files.readAllBytes(file)).at("Endpoints").at("docker");
            Path tls = configuration.resolve("contexts/tls").resolve(folder).resolve("docker");
            boolean skip = endpoint.at("SkipTLSVerify").flag();
            boolean secured = Files.isDirectory(tls) || skip;
            return new Context(
                    endpoint.at("Host").text(), secured ? Optional.of(tls) : Optional.empty(), secured && !skip);
        } catch (NoSuchFileException e) {
            throw new Failure(Kind.NOT_FOUND, "unknown Docker context \"" + name + "\"")
                    .withHint("list contexts with docker context ls; choose one with DOCKER_CONTEXT or DOCKER_HOST");
        } catch (IOException e) {
            throw new Failure(Kind.INVALID, "cannot read the Docker context \"" + name + "\" in " + file).withCause(e);
        }
    }

    static String digest(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256 is part of every JDK", impossible);
        }
    }
}
