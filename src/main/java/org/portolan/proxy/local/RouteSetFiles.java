package org.portolan.proxy.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.portolan.json.JsonTree;
import org.portolan.json.NotJson;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.routing.ProxyDefect;
import org.portolan.model.routing.ProxyDefect.Subject;
import org.portolan.model.routing.RouteSet;
import org.portolan.process.AtomicFiles;
import org.portolan.process.FileProblems;
import org.portolan.process.StateFiles;
import org.portolan.routing.RoutingTable;

/**
 * The applied parts, a file each, readable by their owner only: they hold passwords and keys of certificates as they were
 * declared. A damaged file costs its own deployment, which has no routes until it is deployed again, and no other one.
 */
final class RouteSetFiles {
    /** Of the files that this version writes; one that names a greater number was written by a newer version. */
    private static final int FORMAT = 1;

    private static final String END = ".json";

    private final Path folder;
    private final Function<List<RouteSet>, RoutingTable> tables;

    /** @param tables makes the table of several parts; fails when they cannot be served, alone or together */
    RouteSetFiles(Path folder, Function<List<RouteSet>, RoutingTable> tables) {
        this.folder = folder;
        this.tables = tables;
    }

    /**
     * A part as it was applied.
     *
     * @param sequence counts up with every application
     */
    record Part(long sequence, RouteSet routes) {}

    /**
     * All parts together.
     *
     * @param parts those that can be served, the one applied last at the end
     * @param table of these
     * @param damaged the other deployments, with what is wrong with their files
     */
    record Applied(List<Part> parts, RoutingTable table, SortedMap<String, String> damaged) {}

    /** A deployment's part; empty when there is none, or its file is damaged. */
    Optional<Part> read(String deployment) {
        try {
            Optional<Part> part = parse(deployment);
            if (part.isPresent()) {
                // Refused where no table can be made of it.
                Objects.requireNonNull(tables.apply(List.of(part.get().routes())));
            }
            return part;
        } catch (DamagedPart damaged) {
            return Optional.empty();
        } catch (Failure refused) {
            if (refused.getCause() instanceof IOException) {
                throw refused;
            }
            return Optional.empty();
        }
    }

    Applied all() {
        List<Part> parts = new ArrayList<>();
        SortedMap<String, String> damaged = new TreeMap<>();
        for (String deployment : deployments()) {
            try {
                parse(deployment).ifPresent(parts::add);
            } catch (DamagedPart found) {
                damaged.put(deployment, found.reason);
            }
        }
        parts.sort((one, other) -> Long.compare(one.sequence(), other.sequence()));
        try {
            return new Applied(parts, tables.apply(routes(parts)), damaged);
        } catch (Failure together) {
            return usable(parts, damaged);
        }
    }

    /** Leaves out what cannot be served, by itself or beside those that were applied before it. */
    private Applied usable(List<Part> parts, SortedMap<String, String> damaged) {
        List<Part> usable = new ArrayList<>();
        RoutingTable table = tables.apply(List.of());
        for (Part part : parts) {
            List<Part> more = new ArrayList<>(usable);
            more.add(part);
            try {
                table = tables.apply(routes(more));
                usable.add(part);
            } catch (Failure refused) {
                damaged.put(part.routes().deployment(), refused.what());
            }
        }
        return new Applied(usable, table, damaged);
    }

    static List<RouteSet> routes(List<Part> parts) {
        return parts.stream().map(Part::routes).toList();
    }

    /** What is wrong with the files, for people: first those that are still in place, then those that were set aside. */
    List<ProxyDefect> defects(Applied applied) {
        List<ProxyDefect> found = new ArrayList<>();
        applied.damaged()
                .forEach((deployment, reason) -> found.add(ProxyDefect.repairable(
                        Subject.ROUTES,
                        "the routes of " + deployment + " are not served: " + file(deployment) + " is damaged ("
                                + reason + ")",
                        "set the damaged routes of " + deployment + " aside")));
        lost().forEach((deployment, aside) -> found.add(ProxyDefect.forPeople(
                Subject.ROUTES,
                "the routes of " + deployment + " are not served: their file was damaged, and is kept as " + aside,
                "deploy " + deployment + " to create its routes again")));
        return found;
    }

    /** Whether there is neither a part nor anything left of one. */
    boolean none() {
        return deployments().isEmpty() && lost().isEmpty();
    }

    boolean damaged(String deployment) {
        return Files.exists(file(deployment)) && read(deployment).isEmpty();
    }

    /** Renames damaged files; of each deployment's the newest is kept. The proxies' lock is held. */
    void setAside(Applied applied) {
        for (String deployment : applied.damaged().keySet()) {
            Path file = file(deployment);
            try {
                for (Path older : StateFiles.asideOf(file)) {
                    StateFiles.delete(older);
                }
                StateFiles.setAside(file);
            } catch (NoSuchFileException gone) {
                // Then nothing is in the way.
            } catch (IOException problem) {
                throw FileProblems.failure("use", file, problem);
            }
        }
    }

    private Path file(String deployment) {
        return folder.resolve(deployment + END);
    }

    private SortedSet<String> deployments() {
        SortedSet<String> names = new TreeSet<>();
        for (Path file : list()) {
            String name = String.valueOf(file.getFileName());
            if (name.endsWith(END) && !name.startsWith(".")) {
                names.add(name.substring(0, name.length() - END.length()));
            }
        }
        return names;
    }

    /** Deployments whose damaged file was set aside and that were not deployed since. */
    private SortedMap<String, Path> lost() {
        SortedMap<String, Path> lost = new TreeMap<>();
        for (Path file : list()) {
            StateFiles.originalOf(file)
                    .filter(name -> name.endsWith(END) && !Files.exists(folder.resolve(name)))
                    .ifPresent(name -> lost.put(name.substring(0, name.length() - END.length()), file));
        }
        return lost;
    }

    private List<Path> list() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException problem) {
            throw FileProblems.failure("use", folder, problem);
        }
    }

    /** A file that is there and says nothing that could be served; its content, which may be secret, is not told. */
    private static final class DamagedPart extends Exception {
        private static final long serialVersionUID = 1;

        private final String reason;

        DamagedPart(String reason) {
            super(reason);
            this.reason = reason;
        }
    }

    private Optional<Part> parse(String deployment) throws DamagedPart {
        Path file = file(deployment);
        if (Files.isDirectory(file)) {
            throw new DamagedPart("it is a folder");
        }
        try {
            StrictJson node = StrictJson.read(Files.readAllBytes(file));
            if (node.find("format").map(StrictJson::number).orElse(FORMAT) > FORMAT) {
                throw new DamagedPart("a newer version of Portolan wrote it");
            }
            RouteSet routes = RouteSetJson.read(node.at("part"));
            if (!routes.deployment().equals(deployment)) {
                throw new DamagedPart("it does not contain the routes of " + deployment);
            }
            return Optional.of(new Part(node.at("sequence").whole(), routes));
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (NotJson | IllegalArgumentException damaged) {
            throw new DamagedPart("it was not written by Portolan");
        } catch (IOException problem) {
            throw FileProblems.failure("use", file, problem);
        }
    }

    void write(Part part) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("format", FORMAT);
        tree.put("sequence", part.sequence());
        tree.put("part", RouteSetJson.tree(part.routes()));
        AtomicFiles.write(
                file(part.routes().deployment()),
                JsonTree.text(tree, true).getBytes(StandardCharsets.UTF_8),
                AtomicFiles.PRIVATE);
    }

    /** Deletes a deployment's part and what was set aside of it: it holds secrets. */
    void delete(String deployment) {
        Path file = file(deployment);
        try {
            StateFiles.delete(file);
            for (Path aside : StateFiles.asideOf(file)) {
                StateFiles.delete(aside);
            }
        } catch (IOException problem) {
            throw FileProblems.failure("use", folder, problem);
        }
    }
}
