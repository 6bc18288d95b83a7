package org.portolan.proxy.nginx;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.portolan.model.Domain;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;
import org.portolan.process.AtomicFiles;
import org.portolan.proxy.ProxySettings;
import org.portolan.proxy.render.Hashes;
import org.portolan.proxy.render.Local.Worker;
import org.portolan.proxy.render.RoutingTable;
import org.portolan.proxy.render.Site;
import org.portolan.proxy.render.Templates;

/**
 * nginx of this machine. A domain is set up here before HAProxy may route it ({@link #declare}), and taken away after
 * HAProxy forgot it ({@link #forget}); its callers hold the proxies' lock meanwhile.
 */
public final class Nginx {
    private static final java.util.List<String> PAGES = java.util.List.of(
            "400.html",
            "401.html",
            "403.html",
            "404.html",
            "405.html",
            "408.html",
            "413.html",
            "414.html",
            "431.html",
            "500.html",
            "502.html",
            "503.html",
            "504.html",
            "maintenance.html");
    private static final long ANSWER_MILLIS = 5000;

    private final ProxySettings settings;
    private final Path file;
    private final NginxProcess process;
    private final SiteFiles files;
    private final EdgeProbe probe;

    /**
     * nginx with its files.
     *
     * @param sites the folder of files by domain
     * @param key the installation's secret, for password hashes
     * @param token the word by which HAProxy knows nginx
     */
    public Nginx(ProxySettings settings, Path run, Path sites, Optional<Worker> worker, byte[] key, String token) {
        this.settings = settings;
        ProxySettings.Program program = settings.nginx();
        file = program.system()
                ? program.folder()
                        .orElseThrow(
                                () -> new Failure(ExitStatus.INVALID, "the system's nginx needs proxy.nginx.folder")
                                        .withHint("a folder that its http block includes, such as /etc/nginx/conf.d"))
                        .resolve("portolan.conf")
                : settings.folder().resolve("nginx.conf");
        process = new NginxProcess(program, settings.edge(), file, settings.folder(), run);
        files = new SiteFiles(sites, worker, key);
        probe = new EdgeProbe(settings.edge(), token);
    }

    /** Such as {@code 1.22.1}. */
    public String version() {
        return process.version();
    }

    public boolean running() {
        return process.running();
    }

    /** A line for people. */
    public String describe() {
        ProxySettings.Edge edge = settings.edge();
        return running()
                ? "nginx    running  "
                        + process.pid().map(pid -> "process " + pid + ", ").orElse("") + "on " + edge.address() + ":"
                        + edge.http() + " and (TLS) :" + edge.https()
                : "nginx    stopped";
    }

    /** Makes the folders and writes the pages that both proxies show. */
    public void prepare(Templates templates) {
        files.prepare();
        for (String page : PAGES) {
            files.page(page, templates.text(page));
        }
        files.unknown();
    }

    /** Starts it with a configuration; with the last good one when the new one is refused. */
    public void start(String text) {
        Optional<String> before = read();
        try {
            process.validate(text);
        } catch (Failure refused) {
            if (before.isPresent()) {
                process.start();
            }
            throw refused;
        }
        AtomicFiles.write(file, text.getBytes(StandardCharsets.UTF_8), AtomicFiles.PRIVATE);
        process.start();
    }

    /** Reloads it when the configuration is another; domains do not change it, but for names of wildcard certificates. */
    public void apply(String text) {
        if (read().equals(Optional.of(text))) {
            return;
        }
        process.validate(text);
        AtomicFiles.write(file, text.getBytes(StandardCharsets.UTF_8), AtomicFiles.PRIVATE);
        process.reload();
    }

    /** Sets up every site that is not as declared, and returns when nginx itself has shown that it treats it so. */
    public void declare(RoutingTable table) {
        for (Site site : table.sites().values()) {
            site.certificate().ifPresent(certificate -> certificate(site.host(), certificate));
            if (!files.same(site)) {
                files.write(site);
                verify(site);
            }
        }
    }

    /** Takes away what belongs to no site of the table. */
    public void forget(RoutingTable table) {
        Set<String> certified = new TreeSet<>();
        table.sites().forEach((host, site) -> {
            if (site.certificate().isPresent()) {
                certified.add(host);
            }
        });
        files.keepOnly(table.sites().keySet());
        files.keepCertificates(certified);
    }

    private void verify(Site site) {
        long end = System.nanoTime() + ANSWER_MILLIS * 1_000_000;
        String last = "";
        while (System.nanoTime() < end) {
            try {
                if (probe.asDeclared(site)) {
                    return;
                }
                last = "it answers otherwise";
            } catch (IOException problem) {
                last = String.valueOf(problem.getMessage());
            }
            Pause.shortly();
        }
        throw new Failure(
                        ExitStatus.FAILED,
                        "nginx does not treat " + site.host() + " as declared (" + last + "); the domain is not routed")
                .withHint(
                        "see nginx-error.log beside its pid file; its workers must be able to read the files by domain");
    }

    /** A certificate is tried under a name that nobody asks for, before it takes the place of one that works. */
    private void certificate(String host, Domain.Certificate certificate) {
        if (files.certificateIs(host, certificate)) {
            return;
        }
        String trial = "portolan-probe-" + Hashes.shortHex(host) + ".invalid";
        files.certificate(trial, certificate);
        try {
            probe.handshake(trial);
        } catch (IOException refused) {
            throw new Failure(
                            ExitStatus.FAILED,
                            "nginx cannot use the certificate of " + host
                                    + "; the one before it, if any, stays in force: " + refused.getMessage())
                    .withHint(
                            "check that the key belongs to the certificate, and that both are PEM (openssl x509 -in …)");
        } finally {
            files.deleteCertificate(trial);
        }
        files.certificate(host, certificate);
    }

    private Optional<String> read() {
        try {
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (IOException problem) {
            throw new Failure(ExitStatus.UNAVAILABLE, "cannot read " + file + ": " + problem.getMessage())
                    .withCause(problem);
        }
    }

    /** Ends it (a process of our own only); requests in flight are cut off. */
    public void stop() {
        process.stop();
    }
}
