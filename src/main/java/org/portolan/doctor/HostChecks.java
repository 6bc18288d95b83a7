package org.portolan.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.portolan.config.ConfigKey;
import org.portolan.config.Configurations;
import org.portolan.model.LocalTimes;
import org.portolan.model.Nearest;
import org.portolan.process.Commands;
import org.portolan.process.Programs;

/** What {@code doctor} finds out about this machine and its configuration. */
final class HostChecks {
    private static final long GIB = 1L << 30;
    private static final long ENOUGH = 2 * GIB;
    private static final long LITTLE = GIB / 4;
    private static final Duration SHORT = Duration.ofSeconds(5);

    /** Variables that are no keys of the configuration. */
    private static final Set<String> OTHERS = Set.of(
            "PORTOLAN_HOME",
            "PORTOLAN_CONFIG",
            "PORTOLAN_SOURCES",
            "PORTOLAN_NOTIFICATIONS",
            "PORTOLAN_URL",
            "PORTOLAN_TOKEN",
            "PORTOLAN_TOKEN_FILE",
            "PORTOLAN_CA_FILE",
            "PORTOLAN_KEY",
            "PORTOLAN_JAVA",
            "PORTOLAN_JAVA_OPTS",
            "PORTOLAN_WHO",
            "PORTOLAN_BACKUP_PASSPHRASE",
            "PORTOLAN_DEMO",
            "PORTOLAN_SANDBOX",
            "PORTOLAN_SANDBOX_CGROUP");

    private final Examined examined;
    private final Map<String, String> environment;
    private final InstantSource clock;

    HostChecks(Examined examined, Map<String, String> environment, InstantSource clock) {
        this.examined = examined;
        this.environment = environment;
        this.clock = clock;
    }

    List<Finding> configuration() {
        Path home = examined.home().root();
        Path file = Configurations.file(environment, home);
        examined.configuration();
        String where = Files.exists(file) ? file.toString() : "defaults (no " + file + ")";
        String id = examined.home()
                .knownInstallation()
                .map(known -> ", installation " + known)
                .orElse("");
        return List.of(Finding.ok("configuration", where + id));
    }

    List<Finding> variables() {
        List<String> known = new ArrayList<>(OTHERS);
        for (ConfigKey key : ConfigKey.values()) {
            known.add(key.variable());
        }
        List<Finding> findings = new ArrayList<>();
        for (String name : environment.keySet()) {
            if (name.startsWith("PORTOLAN_") && !known.contains(name)) {
                Optional<String> nearest = Nearest.of(name, known);
                findings.add(Finding.warning(
                        "variables",
                        "unknown variable " + name,
                        nearest.map(near -> "Did you mean " + near + "?")
                                .orElse("docs/configuration.md lists all variables.")));
            }
        }
        return findings;
    }

    List<Finding> disk() {
        Path home = examined.home().root();
        Path data = examined.configuration().data();
        List<Finding> findings = new ArrayList<>();
        findings.add(room(home));
        Finding forData = room(data);
        if (!forData.text().equals(findings.get(0).text())) {
            findings.add(forData);
        }
        return findings;
    }

    private static Finding room(Path folder) {
        Path there = folder.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        try {
            long free = Files.getFileStore(there).getUsableSpace();
            String text = Math.round(free * 10.0 / GIB) / 10.0 + " GiB free for " + folder;
            if (!Files.isWritable(there)) {
                return Finding.fault(
                        "disk", there + " is not writable", "Give this user write permission, or set PORTOLAN_HOME.");
            }
            if (free < LITTLE) {
                return Finding.fault("disk", text, "Free some space: images, logs and the store need it.");
            }
            return free < ENOUGH ? Finding.warning("disk", text, "Free some space soon.") : Finding.ok("disk", text);
        } catch (IOException unknown) {
            return Finding.fault(
                    "disk", "cannot inspect " + there + ": " + unknown.getMessage(), "Check that it is readable.");
        }
    }

    List<Finding> clock() {
        Instant now = clock.instant();
        String shown = LocalTimes.toTheSecond(now.atZone(ZoneId.systemDefault()));
        if (now.isBefore(built())) {
            return List.of(Finding.fault(
                    "clock",
                    shown + " is before this build of Portolan",
                    "Set the clock; certificates and leases need it."));
        }
        Optional<String> synchronised = synchronised();
        if (synchronised.filter("no"::equals).isPresent()) {
            return List.of(Finding.warning(
                    "clock",
                    shown + ", not synchronised",
                    "Start a time service, such as systemd-timesyncd or chrony."));
        }
        return List.of(Finding.ok(
                "clock", shown + synchronised.map(yes -> ", synchronised").orElse("")));
    }

    private static Optional<String> synchronised() {
        Optional<Path> timedatectl =
                Programs.find("timedatectl").filter(found -> Files.isDirectory(Path.of("/run/systemd/system")));
        if (timedatectl.isEmpty()) {
            return Optional.empty();
        }
        Commands.Result result = Commands.run(
                List.of(timedatectl.get().toString(), "show", "--property", "NTPSynchronized", "--value"), SHORT);
        return result.succeeded() ? Optional.of(result.output().strip()) : Optional.empty();
    }

    /** The day on which this version was released; the jar's own entries carry it. */
    private static Instant built() {
        return Instant.parse("2026-11-01T00:00:00Z");
    }
}
