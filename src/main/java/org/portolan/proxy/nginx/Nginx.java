package org.portolan.proxy.nginx;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.routing.ProxyCapacity;
import org.portolan.model.routing.ProxyDefect;
import org.portolan.model.service.Domain;
import org.portolan.process.ListeningSockets;
import org.portolan.process.OpenFiles;
import org.portolan.process.OwnFile;
import org.portolan.routing.Hashes;
import org.portolan.routing.NginxConfig;
import org.portolan.routing.Policy;
import org.portolan.routing.ProxySettings;
import org.portolan.routing.RenderContext.Worker;
import org.portolan.routing.RoutingTable;
import org.portolan.routing.Site;
import org.portolan.routing.Templates;

/**
 * nginx of this machine. HAProxy gets the routes of a new policy first, then names lead to it here ({@link #lead}), then
 * what is left of the old one goes ({@link #forget}); its callers hold the proxies' lock meanwhile.
 */
public final class Nginx {
    private static final List<String> PAGES = List.of(
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
            "busy.html",
            "controller.html",
            "504.html",
            "maintenance.html");
    private static final long ANSWER_MILLIS = 5000;
    private static final String MARK = "X-Portolan-Policy";

    /** As many answers in a row mean that workers of before take no more connections. */
    private static final int AGREED = 20;

    private final ProxySettings settings;
    private final Path file;
    private final NginxProcess process;
    private final AppliedConfiguration applied;
    private final SiteFiles files;
    private final EdgeProbe probe;
    private final byte[] key;

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
                        .orElseThrow(() -> new Failure(Kind.INVALID, "the system's nginx needs proxy.nginx.folder")
                                .withHint("set it to a folder that its http block includes, such as /etc/nginx/conf.d"))
                        .resolve("portolan.conf")
                : settings.folder().resolve("nginx.conf");
        process = new NginxProcess(program, settings.edge(), file, settings.folder(), run);
        applied = new AppliedConfiguration(
                new OwnFile(file, run.resolve("nginx.conf.sum")), process, new GenerationProbe(settings.edge(), token));
        files = new SiteFiles(sites, worker, key);
        this.key = key.clone();
        probe = new EdgeProbe(settings.edge(), token);
    }

    /** Its configuration. */
    public Path file() {
        return file;
    }

    /** Such as {@code 1.22.1}. */
    public String version() {
        return process.version();
    }

    public boolean running() {
        return process.running();
    }

    /**
     * Whether it runs.
     *
     * @param sockets what listens, read once for this question and others: reading it takes long
     */
    public boolean running(ListeningSockets sockets) {
        return process.running(sockets);
    }

    /** The master process of our own nginx, if it runs. */
    public Optional<Long> pid() {
        return settings.nginx().system() ? Optional.empty() : process.pid();
    }

    /** All processes of it that may hold its ports: masters, those that end too, and workers whose master was killed. */
    public List<Long> processes() {
        return process.processes();
    }

    /**
     * Keeps nginx's logs small.
     *
     * @param access the access log, which is kept for as long as the present file names it
     */
    public void keepLogs(Path run, AccessLogFiles access, Instant now) {
        LogFiles.trim(run);
        if (access.exist()) {
            access.keep(
                    applied.text()
                            .filter(text -> text.contains(NginxConfig.ACCESS_LOG))
                            .isPresent(),
                    now);
        }
    }

    /** What its busiest worker carries; empty when it does not run, or is the system's. */
    public Optional<ProxyCapacity> capacity(long decided) {
        return pid().flatMap(ProcessHandle::of)
                .flatMap(master -> master.children()
                        .flatMap(worker -> OpenFiles.of(worker.pid()).stream())
                        .max(Comparator.comparingLong(OpenFiles.Use::open)))
                .map(use -> new ProxyCapacity(
                        "nginx",
                        use.open(),
                        use.limit(),
                        decided,
                        use.open(),
                        Math.min(use.limit(), NginxConfig.connections(decided))));
    }

    /** A line for people. */
    public String describe() {
        if (!running()) {
            return "nginx    stopped";
        }
        Optional<Set<Listen>> listens = process.listens(Listen.in(applied.text().orElse("")), ListeningSockets.read());
        String shown = listens.isEmpty()
                ? "its listeners cannot be seen here"
                : listens.get().isEmpty() ? "no listener" : "on " + Listen.shown(listens.get());
        return "nginx    running  "
                + process.pid().map(pid -> "process " + pid + ", ").orElse("") + shown;
    }

    /** Makes the folders and writes the pages that both proxies show. */
    public void prepare(Templates templates) {
        files.prepare();
        for (String page : PAGES) {
            files.page(page, templates.text(page));
        }
    }

    /** Starts it with a configuration; with the last good one when the new one is refused. */
    public void start(String text) {
        applied.start(text);
    }

    /**
     * Brings it to a configuration, by a reload where that suffices, and returns when it is in force: its listeners are
     * those of the text, and its workers know the text's generation. Domains do not change it, but for names of wildcard
     * certificates.
     *
     * @return whether it had to be started again, which interrupts
     */
    public boolean apply(String text) {
        return applied.apply(text);
    }

    /** What of it is not as configured, and what {@link #apply} does about it. */
    public List<ProxyDefect> defects(ListeningSockets sockets) {
        return running(sockets)
                ? applied.defects(settings.edge(), settings.templates().isEmpty(), sockets)
                : List.of();
    }

    /** What is to be told if somebody else wrote its file; empty: nobody did. */
    public Optional<ProxyDefect> altered() {
        return applied.altered();
    }

    /** Whether the file that was loaded last is of this version: one of before there were policies must be replaced. */
    public boolean current() {
        return applied.text().filter(text -> text.contains(MARK)).isPresent();
    }

    /** What it serves otherwise than declared, by its files and its own answers; one for each name. */
    public List<ProxyDefect> differences(Collection<Policy> policies) {
        List<ProxyDefect> found = new ArrayList<>(new SiteCheck(files, probe).differences(policies));
        if (found.isEmpty() && !files.whole()) {
            found.add(SiteCheck.folderMissing());
        }
        return found;
    }

    /**
     * Writes the policies of a table that are not there; no name leads to a new one yet.
     *
     * @param compare whether password files that are there are compared with what is declared
     * @return those that were written
     */
    public List<Policy> policies(RoutingTable table, boolean compare) {
        List<Policy> written = new ArrayList<>();
        for (Policy policy : Policy.of(table.sites(), key).values()) {
            if (files.policy(policy, compare)) {
                written.add(policy);
            }
        }
        return written;
    }

    /**
     * Brings certificates in force, each after nginx has shown that it can use it.
     *
     * @param rewrite whether files are written even if they hold the same: they may not be readable
     */
    public void certificates(RoutingTable table, boolean rewrite) {
        for (Site site : table.sites().values()) {
            site.certificate()
                    .filter(certificate -> rewrite || !files.certificateIs(site.host(), certificate))
                    .ifPresent(certificate -> certificate(site.host(), certificate));
        }
    }

    /**
     * Has the names of a table lead to their policies, and no other name anywhere, all from one moment on.
     *
     * @param rewrite whether a folder of names is made even if there is one that says the same: it may not be readable
     * @return the policies of names that led elsewhere before
     */
    public List<Policy> lead(RoutingTable table, boolean rewrite) {
        SortedMap<String, String> before = files.names();
        SortedMap<String, String> after = new TreeMap<>();
        List<Policy> changed = new ArrayList<>();
        for (Policy policy : Policy.of(table.sites(), key).values()) {
            String host = policy.site().host();
            after.put(host, policy.token());
            if (!policy.token().equals(before.get(host))) {
                changed.add(policy);
            }
        }
        if (rewrite || !before.equals(after) || !files.whole()) {
            files.lead(after);
        }
        return changed;
    }

    /** Returns when nginx itself has shown that it treats names by their policies. */
    public void verify(Collection<Policy> policies) {
        policies.forEach(this::verify);
    }

    /** As {@link #verify(Collection)}, for every name of a table. */
    public void verify(RoutingTable table) {
        Policy.of(table.sites(), key).values().forEach(this::verify);
    }

    /** Waits until only processes with the present file answer, after an earlier version's was replaced. */
    public void awaitPolicies() {
        long end = System.nanoTime() + ANSWER_MILLIS * 1_000_000;
        int agreed = 0;
        while (agreed < AGREED && System.nanoTime() < end) {
            try {
                agreed = probe.ask(EdgeProbe.nameUnder("*"), false).policy().isPresent() ? agreed + 1 : 0;
            } catch (IOException notYet) {
                agreed = 0;
            }
            Pause.shortly();
        }
        if (agreed < AGREED) {
            throw new Failure(Kind.FAILED, "nginx does not use its new configuration")
                    .withHint("check nginx-error.log beside its pid file");
        }
    }

    /**
     * Takes away what belongs to no site of the table.
     *
     * @param tokens of policies that requests in progress may have been let in by
     */
    public void forget(RoutingTable table, Collection<String> tokens) {
        Set<String> certified = new TreeSet<>();
        Set<String> kept = new TreeSet<>(tokens);
        Policy.of(table.sites(), key).forEach((host, policy) -> {
            kept.add(policy.token());
            if (policy.site().certificate().isPresent()) {
                certified.add(host);
            }
        });
        files.keepPolicies(kept);
        files.keepCertificates(certified);
    }

    private void verify(Policy policy) {
        long end = System.nanoTime() + ANSWER_MILLIS * 1_000_000;
        String last = "";
        boolean unchecked = false;
        while (System.nanoTime() < end) {
            try {
                Optional<EdgeProbe.Difference> difference = probe.difference(policy);
                if (difference.isEmpty()) {
                    return;
                }
                last = difference.get().text();
                unchecked = difference.get().unchecked(policy);
            } catch (IOException problem) {
                last = String.valueOf(problem.getMessage());
                unchecked = false;
            }
            Pause.shortly();
        }
        throw new Failure(
                        Kind.FAILED,
                        "nginx does not serve " + policy.site().host() + " as declared (" + last
                                + "); the domain is not routed")
                .withHint(
                        unchecked
                                ? "HTTP Digest needs HAProxy with Lua (haproxy -vv shows +LUA); without it use auth_mode:"
                                        + " basic"
                                : "check nginx-error.log beside its pid file; its workers must be able to read the files by"
                                        + " domain. Custom templates must meet the requirements in docs/proxies.md");
    }

    /** A certificate is tried under a name that nobody asks for, before it takes the place of one that works. */
    private void certificate(String host, Domain.Certificate certificate) {
        String trial = "portolan-probe-" + Hashes.shortHex(host) + ".invalid";
        files.certificate(trial, certificate);
        try {
            probe.handshake(trial);
        } catch (IOException refused) {
            throw new Failure(
                            Kind.FAILED,
                            "nginx cannot use the certificate of " + host + "; the previous one, if any, stays active: "
                                    + refused.getMessage())
                    .withHint("check that the key matches the certificate, and that both are PEM (openssl x509 -in …)");
        } finally {
            files.deleteCertificate(trial);
        }
        files.certificate(host, certificate);
    }

    /** Ends it (a process of our own only); requests in flight are cut off. */
    public void stop() {
        process.stop();
    }
}
