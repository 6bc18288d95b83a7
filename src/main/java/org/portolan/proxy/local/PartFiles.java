package org.portolan.proxy.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;
import org.portolan.process.AtomicFiles;
import org.portolan.proxy.DeploymentRoutes;

/**
 * The applied parts, a file each, readable by their owner only: they hold passwords and keys of certificates as they were
 * declared.
 */
final class PartFiles {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String END = ".json";

    private final Path folder;

    PartFiles(Path folder) {
        this.folder = folder;
    }

    /**
     * A part as it was applied.
     *
     * @param sequence counts up with every application
     */
    record Part(long sequence, DeploymentRoutes routes) {}

    Optional<Part> read(String deployment) {
        return read(folder.resolve(deployment + END));
    }

    /** All parts, the one applied last at the end. */
    List<Part> all() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Part> parts = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                if (name.endsWith(END) && !name.startsWith(".")) {
                    read(file).ifPresent(parts::add);
                }
            }
        } catch (IOException problem) {
            throw unreadable(folder, problem);
        }
        parts.sort(Comparator.comparingLong(Part::sequence));
        return parts;
    }

    private static Optional<Part> read(Path file) {
        try {
            JsonNode node = JSON.readTree(Files.readAllBytes(file));
            return Optional.of(new Part(node.path("sequence").asLong(), PartJson.read(node.path("part"))));
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (JsonProcessingException | IllegalArgumentException damaged) {
            throw new Failure(ExitStatus.UNAVAILABLE, file + " is damaged: what the proxies serve is not known from it")
                    .withHint("move it away and deploy again: running instances stay, and their routes are made anew")
                    .withCause(new IOException("not a part of the routing"));
        } catch (IOException problem) {
            throw unreadable(file, problem);
        }
    }

    void write(Part part) {
        ObjectNode node = JSON.createObjectNode();
        node.put("sequence", part.sequence());
        node.set("part", PartJson.write(part.routes()));
        try {
            AtomicFiles.write(
                    folder.resolve(part.routes().deployment() + END),
                    JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(node),
                    AtomicFiles.PRIVATE);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree is always written", impossible);
        }
    }

    void delete(String deployment) {
        try {
            Files.deleteIfExists(folder.resolve(deployment + END));
        } catch (IOException problem) {
            throw unreadable(folder, problem);
        }
    }

    private static Failure unreadable(Path path, IOException problem) {
        return new Failure(ExitStatus.UNAVAILABLE, "cannot use " + path + ": " + problem.getMessage())
                .withHint("check who owns it (ls -ld " + path + ")")
                .withCause(problem);
    }
}
