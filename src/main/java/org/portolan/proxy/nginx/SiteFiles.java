package org.portolan.proxy.nginx;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.service.Domain;
import org.portolan.model.service.PemKeys;
import org.portolan.process.Home;
import org.portolan.process.StateFiles;
import org.portolan.routing.PasswordHash;
import org.portolan.routing.Policy;
import org.portolan.routing.RenderContext.Worker;
import org.portolan.routing.Sanitizer;
import org.portolan.routing.Site;

/**
 * What differs by domain, on the disk where nginx looks: {@code current} is a symbolic link to {@code names/N}, a folder in
 * which each name is one to {@code policies/TOKEN}, a folder that holds the password file {@code users} if there is one;
 * {@code tls/H.pem} is a key and certificate. A folder of names does not change: another takes its place. Nginx
 * treats a name as the token says, and marks its requests with it; HAProxy routes nothing else. So whatever is missing,
 * unreadable or half done lets nobody in.
 */
final class SiteFiles {
    private static final String CURRENT = "current";
    private static final String NAMES = "names";

    /** Folders of names that were in force before and stay for requests that are just being looked up. */
    private static final int KEPT = 2;

    private static final String POLICIES = "policies";
    private static final String USERS = "users";
    private static final List<String> FOLDERS = List.of(NAMES, POLICIES, "tls", "tmp", "pages");

    /** The layout of before there were policies. */
    private static final List<String> EARLIER = List.of("domains", "open", "auth", "https", "maintenance");

    private final Path folder;
    private final Optional<Worker> worker;
    private final byte[] key;

    SiteFiles(Path folder, Optional<Worker> worker, byte[] key) {
        this.folder = folder;
        this.worker = worker;
        this.key = key.clone();
    }

    /** Makes the folders, readable for the workers and nobody else. */
    void prepare() {
        try {
            if (worker.isPresent()) {
                Path parent = folder.getParent();
                if (parent != null && !Files.isDirectory(parent)) {
                    Files.createDirectories(
                            parent, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
                }
            }
            Home.makeFolder(folder);
            share(folder, "rwxr-x---");
            for (String name : FOLDERS) {
                Path one = folder.resolve(name);
                if (!Files.isDirectory(one)) {
                    remove(one);
                }
                Home.makeFolder(one);
                share(one, "rwxr-x---");
            }
        } catch (IOException problem) {
            throw cannot("make", folder, problem);
        }
        if (worker.isPresent() && !WorkerUser.reaches(worker.get(), folder.resolve(POLICIES))) {
            throw new Failure(
                            Kind.UNAVAILABLE,
                            "nginx's workers (user " + worker.get().user() + ") cannot reach " + folder)
                    .withHint("they have no permission for a folder above it (namei -l " + folder + ")");
        }
    }

    private void share(Path path, String permissions) throws IOException {
        WorkerUser.share(worker, path, permissions);
    }

    /**
     * Writes a policy, unless it is there. It has no effect until a name leads to it.
     *
     * @param compare whether a password file that is there is compared, and not only looked for
     * @return whether it was written
     */
    boolean policy(Policy policy, boolean compare) {
        Path place = folder.resolve(POLICIES).resolve(policy.token());
        boolean guarded = policy.kind() == Policy.Kind.BASIC;
        boolean there = Files.isDirectory(place) && (!guarded || Files.isRegularFile(place.resolve(USERS)));
        if (there && !compare) {
            return false;
        }
        try {
            // One that is compared may have been closed to the workers, or its file damaged: it keeps its place.
            Path whole = Files.isDirectory(place) ? place : folder.resolve(".new-policy");
            if (!whole.equals(place)) {
                remove(whole);
            }
            Home.makeFolder(whole);
            share(whole, "rwxr-x---");
            if (guarded) {
                write(whole.resolve(USERS), PasswordHash.file(policy.site(), key));
            }
            if (!whole.equals(place)) {
                remove(place);
                Files.move(whole, place, StandardCopyOption.ATOMIC_MOVE);
            }
            return true;
        } catch (IOException problem) {
            throw cannot("make", place, problem);
        }
    }

    /** Whether there is a folder of names; what is in it is not looked at. */
    boolean whole() {
        return Files.isDirectory(folder.resolve(CURRENT));
    }

    /** Which of a policy's files is missing or otherwise than declared; nginx's answers do not tell a foreign user. */
    Optional<String> difference(Policy policy) {
        Site site = policy.site();
        Path place = folder.resolve(POLICIES).resolve(policy.token());
        if (!Files.isDirectory(place)
                || !Files.isDirectory(folder.resolve(CURRENT).resolve(site.host()))) {
            return Optional.of("files that nginx reads for " + site.host() + " are missing");
        }
        if (policy.kind() == Policy.Kind.BASIC
                && !read(place.resolve(USERS)).equals(Optional.of(PasswordHash.file(site, key)))) {
            return Optional.of("the password file of " + site.host() + " is not as declared");
        }
        return site.certificate()
                .filter(certificate -> !certificateIs(site.host(), certificate))
                .map(certificate -> "the certificate file of " + site.host() + " is not as declared");
    }

    /** Name to token, as nginx goes by it now; a name whose policy is not there is left out. */
    SortedMap<String, String> names() {
        SortedMap<String, String> names = new TreeMap<>();
        Path current = folder.resolve(CURRENT);
        if (Files.isDirectory(current)) {
            try (Stream<Path> links = Files.list(current)) {
                for (Path link : links.toList()) {
                    if (Files.isSymbolicLink(link) && Files.isDirectory(link)) {
                        names.put(
                                String.valueOf(link.getFileName()),
                                String.valueOf(Files.readSymbolicLink(link).getFileName()));
                    }
                }
            } catch (IOException problem) {
                throw cannot("list", current, problem);
            }
        }
        return names;
    }

    /** Has nginx go by these names and tokens from one moment on. */
    void lead(SortedMap<String, String> tokens) {
        long number = 1;
        for (String known : list(NAMES)) {
            number = Math.max(number, known.matches("[0-9]{1,15}") ? Long.parseLong(known) + 1 : 1);
        }
        Path names = folder.resolve(NAMES).resolve(String.valueOf(number));
        Path beside = folder.resolve(".new-current");
        try {
            Home.makeFolder(names);
            for (Map.Entry<String, String> token : tokens.entrySet()) {
                Files.createSymbolicLink(
                        names.resolve(Sanitizer.host(token.getKey())), Path.of("..", "..", POLICIES, token.getValue()));
            }
            share(names, "rwxr-x---");
            remove(beside);
            Files.createSymbolicLink(beside, Path.of(NAMES, String.valueOf(number)));
            removeFolder(folder.resolve(CURRENT));
            Files.move(
                    beside,
                    folder.resolve(CURRENT),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException problem) {
            throw cannot("write", names, problem);
        }
        for (String old : list(NAMES)) {
            if (!old.matches("[0-9]{1,15}") || Long.parseLong(old) < number - KEPT) {
                remove(folder.resolve(NAMES).resolve(old));
            }
        }
    }

    /** Takes away policies that nobody needs, and what an earlier version left. */
    void keepPolicies(Collection<String> tokens) {
        for (String token : list(POLICIES)) {
            if (!tokens.contains(token)) {
                remove(folder.resolve(POLICIES).resolve(token));
            }
        }
        for (String kind : EARLIER) {
            remove(folder.resolve(kind));
        }
    }

    /** A folder where a file or a link belongs; these cannot take its place. */
    private static void removeFolder(Path path) {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            remove(path);
        }
    }

    private static void remove(Path path) {
        try {
            StateFiles.delete(path);
        } catch (IOException problem) {
            throw cannot("delete", path, problem);
        }
    }

    /** Takes away certificates of names that have none. */
    void keepCertificates(Collection<String> hosts) {
        for (String name : list("tls")) {
            if (!name.endsWith(".pem") || !hosts.contains(name.substring(0, name.length() - 4))) {
                delete("tls", name);
            }
        }
    }

    boolean certificateIs(String name, Domain.Certificate certificate) {
        return read("tls", name + ".pem").equals(Optional.of(pem(certificate)));
    }

    /** Writes key and chain as one file, so that they change together. */
    void certificate(String name, Domain.Certificate certificate) {
        write("tls", name + ".pem", pem(certificate));
    }

    void deleteCertificate(String name) {
        delete("tls", name + ".pem");
    }

    void page(String name, String text) {
        if (!read("pages", name).equals(Optional.of(text))) {
            write("pages", name, text);
        }
    }

    private static String pem(Domain.Certificate certificate) {
        // One file may hold both: the chain is sent once all the same, and no second key is looked at.
        List<String> blocks = new ArrayList<>();
        for (String kind : List.of("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY")) {
            if (blocks.isEmpty()) {
                PemKeys.blocks(certificate.keyPem(), kind).stream().limit(1).forEach(blocks::add);
            }
        }
        blocks.addAll(PemKeys.blocks(certificate.chainPem(), "CERTIFICATE"));
        return String.join("\n", blocks) + "\n";
    }

    private void delete(String kind, String name) {
        try {
            Files.deleteIfExists(folder.resolve(kind).resolve(name));
        } catch (IOException problem) {
            throw cannot("delete", folder.resolve(kind).resolve(name), problem);
        }
    }

    private Optional<String> read(String kind, String name) {
        return read(folder.resolve(kind).resolve(name));
    }

    private static Optional<String> read(Path file) {
        try {
            return StateFiles.text(file);
        } catch (IOException problem) {
            throw cannot("read", file, problem);
        }
    }

    private void write(String kind, String name, String text) {
        write(folder.resolve(kind).resolve(name), text);
    }

    /** Written beside and renamed, with the workers' group on it before it has its name. */
    private void write(Path file, String text) {
        Path beside = folder.resolve(".new-" + ProcessHandle.current().pid());
        try {
            remove(beside);
            Files.createFile(
                    beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(beside, text.getBytes(StandardCharsets.UTF_8));
            share(beside, "rw-r-----");
            removeFolder(file);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException problem) {
            throw cannot("write", file, problem);
        }
    }

    private List<String> list(String kind) {
        try (Stream<Path> files = Files.list(folder.resolve(kind))) {
            return List.copyOf(new TreeSet<>(
                    files.map(file -> String.valueOf(file.getFileName())).toList()));
        } catch (IOException problem) {
            throw cannot("list", folder.resolve(kind), problem);
        }
    }

    private static Failure cannot(String what, Path path, Exception problem) {
        return new Failure(Kind.UNAVAILABLE, "cannot " + what + " " + path + ": " + problem.getMessage())
                .withHint("check who owns it (ls -ld " + path + ") and that the disk is not full")
                .withCause(problem);
    }
}
