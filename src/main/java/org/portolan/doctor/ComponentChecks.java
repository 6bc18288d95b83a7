package org.portolan.doctor;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.portolan.config.Configuration;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.container.Container;
import org.portolan.model.container.EngineInfo;
import org.portolan.model.labels.Labels;
import org.portolan.model.routing.ProxyCapacity;
import org.portolan.model.routing.ProxyDefect;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.CertificateCheck;
import org.portolan.model.service.Domain;
import org.portolan.process.Commands;
import org.portolan.process.ProcessIdentity;
import org.portolan.process.Programs;
import org.portolan.release.VolumePlaces;
import org.portolan.store.Store;
import org.portolan.store.StoreFinding;

/** What {@code doctor} finds out about the engine, the store and the proxies. */
final class ComponentChecks {
    private static final Duration SHORT = Duration.ofSeconds(5);

    private final Examined examined;
    private final InstantSource clock;

    ComponentChecks(Examined examined, InstantSource clock) {
        this.examined = examined;
        this.clock = clock;
    }

    List<Finding> engine() {
        List<Finding> findings = new ArrayList<>();
        EngineInfo info = examined.engine().info();
        findings.add(Finding.ok(
                "engine", "Docker " + info.version() + ", API " + info.apiVersion() + ", at " + info.address()));
        if (!info.local()) {
            findings.add(
                    Finding.warning(
                            "engine",
                            "it is on another machine",
                            "Set instances.address and mesh.address to addresses of that machine that are reachable from here."));
        }
        for (String call : examined.engine().missingCalls()) {
            findings.add(Finding.fault(
                    "engine",
                    "it lacks the API call " + call + ", which a release needs",
                    "Use Docker Engine 20.10 or newer; Podman is not supported."));
        }
        Set<String> others = new TreeSet<>();
        String own = examined.home().knownInstallation().orElse("");
        for (Container container : examined.engine().observe().containers()) {
            if (!container.isOf(own)) {
                others.add(container.label(Labels.INSTALLATION));
            }
        }
        if (!others.isEmpty()) {
            findings.add(Finding.ok("engine", "also runs containers of installation " + String.join(", ", others)));
        }
        return findings;
    }

    List<Finding> store() {
        Optional<Store> store = examined.storeIfAny();
        if (store.isPresent()) {
            List<Finding> findings =
                    new ArrayList<>(List.of(Finding.ok("store", store.get().describe())));
            check(store.get(), findings);
            examined.leftStore()
                    .ifPresent(left -> findings.add(Finding.warning(
                            "store",
                            "the embedded store is no longer used but still has " + left,
                            Remedy.of("Move its history with ")
                                    .and(Call.of(Verb.MOVE_STORE))
                                    .and(", or stop it with ")
                                    .and(Call.of(Verb.SYSTEM_DOWN))
                                    .and("."))));
            for (String deployment : store.get().damaged()) {
                findings.add(Finding.warning(
                        "store",
                        "the entry of " + deployment + " is damaged",
                        Remedy.of("Deploy its files to write it again, or remove it: ")
                                .and(Call.of(Verb.REMOVE, deployment))
                                .and(".")));
            }
            return findings;
        }
        Optional<Store> unused = examined.unusedStore();
        if (unused.isPresent()) {
            try (Store server = unused.get()) {
                List<Finding> findings = new ArrayList<>();
                findings.add(Finding.ok("store", server.describe() + "; not used yet"));
                check(server, findings);
                return findings;
            }
        }
        String program = Programs.find("redis-server").map(Path::toString).orElse("the bundled redis-server");
        return List.of(Finding.ok("store", "not used yet; the first deploy starts " + program));
    }

    /** Volumes whose folders are not where they should be: after the state directory was moved, instances cannot start. */
    List<Finding> volumes() {
        Optional<String> installation = examined.home().knownInstallation();
        List<Finding> findings = new ArrayList<>();
        if (installation.isPresent()) {
            for (VolumePlaces.Misplaced each : VolumePlaces.of(
                    examined.engine(),
                    installation.get(),
                    examined.configuration().data())) {
                findings.add(
                        each.gone()
                                ? Finding.fault("volumes", each.found(), each.advice())
                                : Finding.warning("volumes", each.found(), each.advice()));
            }
        }
        return findings;
    }

    /** Containers of {@code portolan run} whose process did not live to remove them. */
    List<Finding> runs() {
        List<Finding> findings = new ArrayList<>();
        String own = examined.home().knownInstallation().orElse("");
        for (Container container : examined.engine().observe().containers()) {
            String process = container.label(Labels.RUN);
            if (process.isEmpty() || !container.isOf(own)) {
                continue;
            }
            ProcessIdentity.Life life =
                    ProcessIdentity.parse(process).map(ProcessIdentity::life).orElse(ProcessIdentity.Life.UNKNOWN);
            String left = container.name() + " was left by `run`, which ";
            if (life == ProcessIdentity.Life.DEAD) {
                findings.add(Finding.warning(
                        "runs",
                        left + "was killed",
                        "The next `run` or change removes it; now: docker rm -f -v " + container.name()));
            } else if (life == ProcessIdentity.Life.UNKNOWN
                    && !container.state().up()) {
                findings.add(Finding.warning(
                        "runs",
                        left + "ran before this machine started, or on another one",
                        "If nothing uses it: docker rm -v " + container.name()));
            }
        }
        return findings;
    }

    private static void check(Store store, List<Finding> findings) {
        for (StoreFinding found : store.check()) {
            findings.add(
                    found.fault()
                            ? Finding.fault("store", found.found(), found.advice())
                            : Finding.warning("store", found.found(), found.advice()));
        }
    }

    /** Certificates in force that have expired or soon will. */
    List<Finding> certificates() {
        List<Finding> findings = new ArrayList<>();
        Optional<Store> store = examined.storeIfAny();
        if (store.isEmpty()) {
            return findings;
        }
        for (String deployment : store.get().deployments().keySet()) {
            List<Domain> domains =
                    examined.proxy().applied(deployment).map(RouteSet::domains).orElse(List.of());
            for (Domain domain : domains) {
                domain.certificate()
                        .flatMap(pem -> CertificateCheck.expiry(pem, clock.instant()))
                        .ifPresent(trouble -> findings.add(Finding.warning(
                                "certificates",
                                "the certificate of " + domain.host() + " " + trouble,
                                "Renew it, and deploy " + deployment + " again.")));
            }
        }
        return findings;
    }

    List<Finding> proxies() {
        List<Finding> findings = new ArrayList<>();
        Configuration.Proxies proxies = examined.configuration().proxies();
        program(findings, "haproxy", proxies.haproxy(), "-v");
        program(findings, "nginx", proxies.nginx(), "-v");
        if (findings.stream().allMatch(finding -> finding.level() == Finding.Level.OK)) {
            for (String line : examined.proxy().describe()) {
                if (!line.startsWith("warning ")) {
                    findings.add(Finding.ok("proxies", line));
                }
            }
            for (ProxyDefect defect : examined.proxy().defects()) {
                findings.add(Finding.fault(
                        "proxies",
                        defect.found(),
                        defect.repair()
                                .map(repair -> Remedy.of(Call.of(Verb.SYSTEM_UP))
                                        .and(", or any deploy, repairs it: " + repair + "."))
                                .or(() -> defect.remedy()
                                        .map(ComponentChecks::sentence)
                                        .map(Remedy::of))
                                .orElse(Remedy.of(""))));
            }
            for (ProxyCapacity capacity : examined.proxy().capacities()) {
                for (String trouble : capacity.troubles()) {
                    findings.add(Finding.warning(
                            "proxies",
                            trouble,
                            Remedy.of(
                                            "Raise the limit (ulimit -n), write it to proxies/open-files in the state directory, then: ")
                                    .and(Call.of(Verb.SYSTEM_DOWN))
                                    .and("; ")
                                    .and(Call.of(Verb.SYSTEM_UP))
                                    .and(".")));
                }
            }
        }
        return findings;
    }

    private static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
    }

    private static void program(
            List<Finding> findings, String name, Configuration.ProxyProgram proxy, String versionOption) {
        Optional<Path> found = Programs.find(proxy.program());
        if (found.isEmpty()) {
            findings.add(Finding.fault(
                    name,
                    "the program " + proxy.program() + " is not installed",
                    "Install it (Debian: apt-get install " + name + "), or set proxy." + name + ".program."));
            return;
        }
        Commands.Result result = Commands.run(List.of(found.get().toString(), versionOption), SHORT);
        int end = result.output().indexOf('\n');
        findings.add(
                Finding.ok(name, end < 0 ? result.output() : result.output().substring(0, end)));
    }
}
