package org.portolan.model.json;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.json.StrictJson;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.Adoption;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.DeploymentState.Claim;
import org.portolan.model.state.DeploymentState.Running;
import org.portolan.model.state.DeploymentState.VersionRef;
import org.portolan.model.state.JobRun;
import org.portolan.model.state.Release;

/** A deployment's state as JSON, as the store and a controller's API have it; every field is written, named as in {@link DeploymentState}. */
public final class StateJson {
    private StateJson() {}

    public static Map<String, Object> tree(DeploymentState state) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("owner", source(state.owner()));
        tree.put("byHand", state.byHand());
        tree.put("created", MomentJson.write(state.created()));
        tree.put("lastRelease", state.lastRelease());
        tree.put("goodRelease", state.goodRelease());
        tree.put("services", placed(state.services()));
        tree.put("versions", versions(state.versions()));
        tree.put("lastVersion", state.lastVersion());
        tree.put("meshPorts", state.meshPorts());
        tree.put("keptVolumes", state.keptVolumes());
        tree.put("stopped", state.stopped());
        List<Object> claims = new ArrayList<>();
        for (Claim claim : state.claims()) {
            claims.add(Map.of("host", claim.host(), "path", claim.path(), "at", PositionJson.tree(claim.at())));
        }
        tree.put("claims", claims);
        tree.put("domainsHash", state.domainsHash());
        state.pinned().ifPresent(release -> tree.put("pinned", release));
        tree.put("failedCommits", state.failedCommits());
        state.running().ifPresent(running -> tree.put("running", running(running)));
        if (!state.jobs().isEmpty()) {
            tree.put("jobs", jobs(state.jobs()));
        }
        if (!state.held().isEmpty()) {
            tree.put("held", state.held());
        }
        if (!state.allows().isEmpty()) {
            tree.put("allows", state.allows());
        }
        state.adoption().ifPresent(adoption -> tree.put("adoption", adoption(adoption)));
        return tree;
    }

    /** Reads every form that a version wrote. */
    public static DeploymentState read(String name, StrictJson tree) {
        return new DeploymentState(
                name,
                source(tree.at("owner")),
                tree.textSet("byHand"),
                MomentJson.read(tree.at("created")),
                tree.number("lastRelease"),
                tree.number("goodRelease"),
                tree.sorted("services", StateJson::placed),
                tree.sorted("versions", StateJson::versions),
                tree.sorted("lastVersion", StrictJson::number),
                tree.sorted("meshPorts", StrictJson::number),
                // Not in what Portolan wrote up to commit 1ce5309.
                tree.sortedOrEmpty("keptVolumes", StrictJson::text),
                tree.textSet("stopped"),
                tree.list("claims", StateJson::claim),
                tree.text("domainsHash"),
                tree.find("pinned").map(StrictJson::number),
                tree.texts("failedCommits"),
                tree.find("running").map(StateJson::running),
                tree.find("jobs").isPresent() ? tree.list("jobs", StateJson::job) : List.of(),
                tree.find("held").isPresent() ? tree.sorted("held", StrictJson::text) : new TreeMap<>(),
                tree.find("allows").isPresent() ? tree.textSet("allows") : new TreeSet<>(),
                tree.find("adoption").map(StateJson::adoption));
    }

    static Map<String, Object> source(SourceId source) {
        return Map.of("location", source.location(), "path", source.path());
    }

    static SourceId source(StrictJson node) {
        return new SourceId(node.text("location"), node.text("path"));
    }

    static Map<String, Object> placed(Map<String, Release.Placed> services) {
        Map<String, Object> tree = new LinkedHashMap<>();
        for (Map.Entry<String, Release.Placed> entry : services.entrySet()) {
            Release.Placed placed = entry.getValue();
            Map<String, Object> service = new LinkedHashMap<>();
            service.put("version", placed.version());
            service.put("scale", placed.scale());
            placed.wanMap().ifPresent(outside -> service.put("wanMap", outside));
            if (placed.maxConnections() > 0) {
                service.put("maxConnections", placed.maxConnections());
            }
            placed.files().ifPresent(content -> service.put("files", content));
            tree.put(entry.getKey(), service);
        }
        return tree;
    }

    static Release.Placed placed(StrictJson node) {
        return new Release.Placed(
                node.number("version"),
                node.number("scale"),
                node.find("wanMap").map(present -> node.sorted("wanMap", StrictJson::text)),
                // Only where there is a limit.
                node.find("maxConnections").map(StrictJson::number).orElse(0),
                node.find("files").map(StrictJson::text));
    }

    private static Map<String, Object> versions(Map<String, List<VersionRef>> versions) {
        Map<String, Object> tree = new LinkedHashMap<>();
        for (Map.Entry<String, List<VersionRef>> entry : versions.entrySet()) {
            List<Object> list = new ArrayList<>();
            for (VersionRef version : entry.getValue()) {
                list.add(Map.of(
                        "number",
                        version.number(),
                        "hash",
                        version.hash(),
                        "created",
                        MomentJson.write(version.created()),
                        "checkHost",
                        version.checkHost()));
            }
            tree.put(entry.getKey(), Map.of("kept", list));
        }
        return tree;
    }

    private static List<VersionRef> versions(StrictJson service) {
        return service.list(
                "kept",
                node -> new VersionRef(
                        node.number("number"),
                        node.text("hash"),
                        MomentJson.read(node.at("created")),
                        node.textOrEmpty("checkHost")));
    }

    private static Claim claim(StrictJson node) {
        return new Claim(node.text("host"), node.text("path"), PositionJson.read(node.at("at")));
    }

    private static Map<String, Object> running(Running running) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("release", running.release());
        tree.put("back", running.back());
        tree.put("journal", running.progress());
        running.pin().ifPresent(pin -> tree.put("pin", pin));
        if (!running.replaced().isEmpty()) {
            tree.put("replaced", running.replaced());
        }
        return tree;
    }

    private static Running running(StrictJson node) {
        return new Running(
                node.number("release"),
                node.flag("back"),
                node.sorted("journal", StrictJson::text),
                node.find("pin").map(StrictJson::number),
                new TreeSet<>(node.find("replaced").isPresent() ? node.texts("replaced") : List.of()));
    }

    private static List<Object> jobs(List<JobRun> runs) {
        List<Object> list = new ArrayList<>();
        runs.forEach(run -> list.add(job(run)));
        return list;
    }

    private static Map<String, Object> job(JobRun run) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("service", run.service());
        tree.put("version", run.version());
        tree.put("job", run.job());
        tree.put("once", run.once());
        tree.put("release", run.release());
        tree.put("attempt", run.attempt());
        tree.put("exitStatus", run.exitStatus());
        tree.put("timedOut", run.timedOut());
        run.started().ifPresent(started -> tree.put("started", MomentJson.write(started)));
        tree.put("ended", MomentJson.write(run.ended()));
        return tree;
    }

    private static JobRun job(StrictJson node) {
        return new JobRun(
                node.text("service"),
                node.number("version"),
                node.text("job"),
                node.flag("once"),
                node.number("release"),
                node.number("attempt"),
                node.number("exitStatus"),
                node.flag("timedOut"),
                node.find("started").map(MomentJson::read),
                MomentJson.read(node.at("ended")));
    }

    private static Map<String, Object> adoption(Adoption adoption) {
        Map<String, Object> containers = new LinkedHashMap<>();
        adoption.containers()
                .forEach((id, each) -> containers.put(
                        id,
                        Map.of(
                                "project",
                                each.project(),
                                "name",
                                each.name(),
                                "restart",
                                each.restart(),
                                "ran",
                                each.ran(),
                                "graceSeconds",
                                each.grace().toSeconds())));
        return Map.of("decided", adoption.decided(), "containers", containers);
    }

    private static Adoption adoption(StrictJson node) {
        return new Adoption(
                node.flag("decided"),
                node.sorted(
                        "containers",
                        each -> new Adoption.Adopted(
                                each.text("project"),
                                each.text("name"),
                                each.text("restart"),
                                each.flag("ran"),
                                Duration.ofSeconds(each.number("graceSeconds")))));
    }

    /** Adds a field unless it is empty. */
    static void put(Map<String, Object> tree, String key, Optional<String> value) {
        value.ifPresent(text -> tree.put(key, text));
    }
}
