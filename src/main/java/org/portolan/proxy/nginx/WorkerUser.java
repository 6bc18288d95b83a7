package org.portolan.proxy.nginx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.routing.RenderContext.Worker;

/** Whom the proxies' workers run as, and which folders they can reach. */
public final class WorkerUser {
    private WorkerUser() {}

    /**
     * The user when Portolan is root; empty otherwise, since then all run as whoever starts them.
     *
     * @param wanted the configured one
     */
    public static Optional<Worker> choose(Optional<String> wanted) {
        if (!isRoot()) {
            return Optional.empty();
        }
        List<String> names = wanted.map(List::of).orElse(List.of("www-data", "nginx", "http", "nobody"));
        for (String name : names) {
            Optional<Worker> found = find(name);
            if (found.isPresent()) {
                return found;
            }
        }
        throw new Failure(Kind.UNAVAILABLE, "the user " + names.getFirst() + " for the proxies' workers does not exist")
                .withHint("create it, or run Portolan as an ordinary user");
    }

    /** Whether this process is root. */
    public static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static Optional<Worker> find(String user) {
        for (String line : lines("/etc/passwd")) {
            String[] fields = line.split(":", -1);
            if (fields.length > 3 && fields[0].equals(user)) {
                for (String group : lines("/etc/group")) {
                    String[] words = group.split(":", -1);
                    if (words.length > 2 && words[2].equals(fields[3])) {
                        return Optional.of(new Worker(user, words[0]));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    /**
     * Gives a file or folder its mode, and the workers' group.
     *
     * @param worker empty: the group stays
     */
    static void share(Optional<Worker> worker, Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        if (worker.isPresent()) {
            GroupPrincipal group = path.getFileSystem()
                    .getUserPrincipalLookupService()
                    .lookupPrincipalByGroupName(worker.get().group());
            Files.getFileAttributeView(path, PosixFileAttributeView.class).setGroup(group);
        }
    }

    /** Whether a worker can enter a folder and all above it, by their modes. */
    public static boolean reaches(Worker worker, Path folder) {
        for (Path at = folder.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
            if (Files.exists(at) && !enters(worker, at)) {
                return false;
            }
        }
        return true;
    }

    private static boolean enters(Worker worker, Path folder) {
        try {
            Map<String, Object> has = Files.readAttributes(folder, "posix:owner,group,permissions");
            String permissions = String.valueOf(has.get("permissions"));
            if (String.valueOf(has.get("owner")).equals(worker.user())) {
                return permissions.contains("OWNER_EXECUTE");
            }
            if (String.valueOf(has.get("group")).equals(worker.group())) {
                return permissions.contains("GROUP_EXECUTE");
            }
            return permissions.contains("OTHERS_EXECUTE");
        } catch (IOException unreadable) {
            return false;
        }
    }
}
