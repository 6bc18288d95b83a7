package org.portolan.query.json;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.portolan.model.container.Container;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.JobRun;
import org.portolan.model.state.Release;
import org.portolan.model.state.Standing;
import org.portolan.query.DeploymentStatus;
import org.portolan.query.InstanceStatus;
import org.portolan.query.ReleaseSummary;
import org.portolan.query.ServiceSummary;

/** The state of deployments as fields of JSON; values that JSON does not have are for {@link JsonFields#plain}. */
public final class StatusJson {
    private static final String COMPLETED = "completed";

    private StatusJson() {}

    /** A deployment with all that belongs to it. */
    public static Map<String, Object> whole(DeploymentStatus status) {
        Map<String, Object> fields = deployment(status);
        List<Map<String, Object>> services = new ArrayList<>();
        for (DeploymentStatus.Service service : status.services()) {
            Map<String, Object> one = service(service);
            one.put(
                    "instances",
                    service.instances().stream()
                            .map(instance -> instance(service.service(), instance))
                            .toList());
            services.add(one);
        }
        fields.put("services", services);
        fields.put(
                "jobs",
                status.state().map(DeploymentState::jobs).orElse(List.of()).stream()
                        .filter(job -> shown(status, job))
                        .map(job -> job(status, job))
                        .toList());
        fields.put(
                "domains",
                status.domains().stream().map(claim -> domain(status, claim)).toList());
        return fields;
    }

    /** A deployment, without what belongs to it. */
    public static Map<String, Object> deployment(DeploymentStatus status) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", status.name());
        fields.put("owner", status.state().map(DeploymentState::owner));
        fields.put("good_release", status.state().map(DeploymentState::goodRelease));
        fields.put("last_release", status.last().map(StatusJson::release));
        fields.put("conditions", status.conditions());
        status.standing().ifPresent(standing -> fields.put("standing", standing(standing)));
        if (!status.instructions().isEmpty()) {
            fields.put(
                    "instructions",
                    status.instructions().stream().map(StatusJson::instruction).toList());
        }
        return fields;
    }

    /** What a person decided: {@code suspended}, {@code approved} or {@code by-hand}. */
    public static Map<String, Object> instruction(Instruction instruction) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kind", instruction.kind().word());
        fields.put("what", instruction.what());
        fields.put("since", instruction.at());
        fields.put("by", instruction.who());
        return fields;
    }

    /** How a source stands with the controller. */
    public static Map<String, Object> source(Standing source) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", source.name());
        fields.putAll(standing(source));
        fields.put("commit", source.commit());
        return fields;
    }

    /** How something stands with the controller, without its name. */
    public static Map<String, Object> standing(Standing standing) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("condition", standing.condition().word());
        fields.put("what", standing.what());
        fields.put("since", standing.since());
        fields.put("observed", standing.at());
        fields.put("next", standing.next());
        if (!standing.asks().isEmpty()) {
            fields.put("approval", standing.asks());
        }
        return fields;
    }

    public static Map<String, Object> service(DeploymentStatus.Service status) {
        ServiceSummary service = status.service();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("deployment", service.deployment());
        fields.put("name", service.name());
        fields.put("version", service.placed().map(Release.Placed::version));
        fields.put("scale", service.placed().map(Release.Placed::scale));
        fields.put("image", status.image());
        fields.put("running", service.running());
        if (service.completed() > 0) {
            fields.put("completed", service.completed());
        }
        fields.put("stopped", service.stopped());
        service.held().ifPresent(why -> fields.put("held", why));
        return fields;
    }

    /** An instance with its addresses and health. */
    public static Map<String, Object> instance(ServiceSummary service, InstanceStatus instance) {
        boolean completed = service.completed(instance.container());
        Map<String, Object> fields = instance(instance.container(), instance.id(), completed);
        fields.put("addresses", instance.addresses());
        fields.put("health", instance.health());
        return fields;
    }

    public static Map<String, Object> instance(Container container, InstanceId id, boolean completed) {
        Map<String, Object> fields = instance(container, id);
        if (completed) {
            fields.put(COMPLETED, true);
        }
        return fields;
    }

    public static Map<String, Object> instance(Container container, InstanceId id) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", id.name());
        fields.put("deployment", id.deployment());
        fields.put("service", id.service());
        fields.put("version", id.version());
        fields.put("state", container.state().name().toLowerCase(Locale.ROOT));
        fields.put("container", container.id());
        return fields;
    }

    /** Whether a job is one of a version in place, or runs once. */
    public static boolean shown(DeploymentStatus status, JobRun job) {
        boolean inPlace = status.services().stream()
                .flatMap(service -> service.service().placed().stream()
                        .filter(placed ->
                                service.service().name().equals(job.service()) && placed.version() == job.version()))
                .findAny()
                .isPresent();
        return inPlace || job.once();
    }

    /** How a job ended last. */
    public static Map<String, Object> job(DeploymentStatus status, JobRun job) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("deployment", status.name());
        fields.put("name", job.job());
        fields.put("service", job.service());
        fields.put("version", job.version());
        fields.put("release", job.release());
        fields.put("attempt", job.attempt());
        fields.put("exit_status", job.exitStatus());
        fields.put("timed_out", job.timedOut());
        fields.put("took_ms", job.took().map(Duration::toMillis));
        fields.put("ended", job.ended());
        return fields;
    }

    public static Map<String, Object> domain(DeploymentStatus status, DeploymentState.Claim claim) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("deployment", status.name());
        fields.put("host", claim.host());
        fields.put("path", claim.path());
        if (status.logged().contains(claim.host())) {
            fields.put("access_log", true);
        }
        return fields;
    }

    /** A release, without its events. */
    public static Map<String, Object> release(ReleaseSummary view) {
        Release release = view.release();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("deployment", release.deployment());
        fields.put("number", release.number());
        fields.put("outcome", view.outcome());
        fields.put("cause", release.cause());
        fields.put("source", release.origin().source());
        fields.put("commit", release.origin().commit());
        fields.put("dirty", release.origin().dirty());
        fields.put("author", release.origin().author());
        fields.put("subject", release.origin().subject());
        fields.put("who", release.who());
        fields.put("started", release.started());
        fields.put("ended", release.ended());
        Map<String, Object> services = new LinkedHashMap<>();
        release.services()
                .forEach((service, placed) ->
                        services.put(service, Map.of("version", placed.version(), "scale", placed.scale())));
        fields.put("services", services);
        return fields;
    }
}
