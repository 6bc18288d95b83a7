package org.portolan.proxy.nginx;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.portolan.model.Domain;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;
import org.portolan.process.Home;
import org.portolan.proxy.render.Checked;
import org.portolan.proxy.render.Local.Worker;
import org.portolan.proxy.render.PasswordHash;
import org.portolan.proxy.render.Site;

/**
 * What differs by domain, as files that nginx looks at: {@code domains/H} it is declared, {@code open/H} it needs no
 * password, {@code auth/H} its password file, {@code https/H} it redirects, {@code maintenance/H} it is closed,
 * {@code tls/H.pem} its key and certificate. A name that is not provably open is closed: whatever is missing, unreadable or
 * half done lets nobody in.
 */
final class SiteFiles {
    private static final List<String> FOLDERS =
            List.of("domains", "open", "auth", "https", "maintenance", "tls", "tmp", "pages");

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
                Home.makeFolder(one);
                share(one, "rwxr-x---");
            }
        } catch (IOException problem) {
            throw cannot("make", folder, problem);
        }
        if (worker.isPresent() && !WorkerUser.reaches(worker.get(), folder.resolve("open"))) {
            throw new Failure(
                            ExitStatus.UNAVAILABLE,
                            "nginx's workers (user " + worker.get().user() + ") cannot reach " + folder)
                    .withHint("a folder above it is closed to them (namei -l " + folder + ")");
        }
    }

    private void share(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        if (worker.isPresent()) {
            GroupPrincipal group = path.getFileSystem()
                    .getUserPrincipalLookupService()
                    .lookupPrincipalByGroupName(worker.get().group());
            Files.getFileAttributeView(path, PosixFileAttributeView.class).setGroup(group);
        }
    }

    /** The site of names that nobody declared: open, so that HAProxy answers 404. */
    void unknown() {
        write("domains", "*", "");
        if (!Files.exists(folder.resolve("auth").resolve("*"))) {
            write("open", "*", "");
        }
    }

    /** Whether the files already say what the site does. */
    boolean same(Site site) {
        String host = site.host();
        return has("domains", host)
                && has("open", host) == site.open()
                && has("https", host) == site.redirectHttps()
                && has("maintenance", host) == site.maintenance()
                && read("auth", host).equals(passwords(site))
                && read("tls", host + ".pem").equals(site.certificate().map(SiteFiles::pem));
    }

    /** Writes the site's files, never open in between when it shall be closed. Certificates come by {@link #certificate}. */
    void write(Site site) {
        String host = Checked.host(site.host());
        mark("maintenance", host, site.maintenance());
        mark("https", host, site.redirectHttps());
        Optional<String> passwords = passwords(site);
        if (passwords.isPresent()) {
            if (!read("auth", host).equals(passwords)) {
                write("auth", host, passwords.get());
            }
            delete("open", host);
            mark("domains", host, true);
        } else {
            mark("domains", host, true);
            mark("open", host, true);
            delete("auth", host);
        }
    }

    /** Takes away what is left of sites that are no more. HAProxy must have forgotten them. */
    void keepOnly(java.util.Collection<String> hosts) {
        for (String host : list("domains")) {
            if (!hosts.contains(host) && !host.equals("*")) {
                // First what says that it is declared: from then on it is an unknown name, which HAProxy refuses.
                delete("domains", host);
                delete("open", host);
                delete("auth", host);
                delete("https", host);
                delete("maintenance", host);
            }
        }
        if (!hosts.contains("*")) {
            delete("https", "*");
            delete("maintenance", "*");
            delete("auth", "*");
            unknown();
        }
    }

    /** Takes away certificates of names that have none. */
    void keepCertificates(java.util.Collection<String> hosts) {
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
        return certificate.keyPem().strip() + "\n" + certificate.chainPem().strip() + "\n";
    }

    private Optional<String> passwords(Site site) {
        return site.open() ? Optional.empty() : Optional.of(PasswordHash.file(site, key));
    }

    private boolean has(String kind, String name) {
        return Files.exists(folder.resolve(kind).resolve(name));
    }

    private void mark(String kind, String name, boolean wanted) {
        if (wanted && !has(kind, name)) {
            write(kind, name, "");
        } else if (!wanted) {
            delete(kind, name);
        }
    }

    private void delete(String kind, String name) {
        try {
            Files.deleteIfExists(folder.resolve(kind).resolve(name));
        } catch (IOException problem) {
            throw cannot("delete", folder.resolve(kind).resolve(name), problem);
        }
    }

    private Optional<String> read(String kind, String name) {
        try {
            return Optional.of(Files.readString(folder.resolve(kind).resolve(name)));
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (IOException problem) {
            throw cannot("read", folder.resolve(kind).resolve(name), problem);
        }
    }

    /** Written beside and renamed, with the workers' group on it before it has its name. */
    private void write(String kind, String name, String text) {
        Path file = folder.resolve(kind).resolve(name);
        Path beside = folder.resolve(".new-" + ProcessHandle.current().pid());
        try {
            Files.deleteIfExists(beside);
            Files.createFile(
                    beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(beside, text.getBytes(StandardCharsets.UTF_8));
            share(beside, "rw-r-----");
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

    private static Failure cannot(String what, Path path, IOException problem) {
        return new Failure(ExitStatus.UNAVAILABLE, "cannot " + what + " " + path + ": " + problem.getMessage())
                .withHint("check who owns it (ls -ld " + path + ") and that the disk is not full")
                .withCause(problem);
    }
}
