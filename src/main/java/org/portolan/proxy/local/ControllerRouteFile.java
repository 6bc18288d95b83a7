package org.portolan.proxy.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.portolan.json.JsonTree;
import org.portolan.json.NotJson;
import org.portolan.json.StrictJson;
import org.portolan.model.routing.ControllerRoute;
import org.portolan.model.service.Domain;
import org.portolan.process.AtomicFiles;
import org.portolan.process.FileProblems;

/**
 * The name that leads to the controller, as it was applied; readable by its owner only, as it holds a certificate's key. One that is
 * damaged counts as none: the controller that leads writes it again.
 */
final class ControllerRouteFile {
    /** Of the files that this version writes. */
    private static final int FORMAT = 1;

    private final Path file;

    ControllerRouteFile(Path file) {
        this.file = file;
    }

    Optional<ControllerRoute> read() {
        try {
            StrictJson node = StrictJson.read(Files.readAllBytes(file));
            if (node.number("format") > FORMAT) {
                return Optional.empty();
            }
            return Optional.of(new ControllerRoute(
                    node.text("domain"),
                    node.find("certificate").map(pair -> new Domain.Certificate(pair.text("chain"), pair.text("key"))),
                    node.text("at")));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (NotJson | IllegalArgumentException damaged) {
            return Optional.empty();
        } catch (IOException problem) {
            throw FileProblems.failure("use", file, problem);
        }
    }

    void write(Optional<ControllerRoute> route) {
        if (route.isEmpty()) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException problem) {
                throw FileProblems.failure("delete", file, problem);
            }
            return;
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("format", FORMAT);
        tree.put("domain", route.get().domain());
        tree.put("at", route.get().at());
        route.get().certificate().ifPresent(pair -> {
            Map<String, Object> pem = new LinkedHashMap<>();
            pem.put("chain", pair.chainPem());
            pem.put("key", pair.keyPem());
            tree.put("certificate", pem);
        });
        AtomicFiles.write(file, JsonTree.text(tree, true).getBytes(StandardCharsets.UTF_8), AtomicFiles.PRIVATE);
    }
}
