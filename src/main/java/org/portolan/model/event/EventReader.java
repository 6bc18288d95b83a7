package org.portolan.model.event;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.event.AccessEvent.AccessGranted;
import org.portolan.model.event.AccessEvent.AccessRemoved;
import org.portolan.model.event.AccessEvent.ChangeRequested;
import org.portolan.model.event.ControllerEvent.ConditionChanged;
import org.portolan.model.event.ControllerEvent.ControllerLeads;
import org.portolan.model.event.ControllerEvent.ControllerStandsBy;
import org.portolan.model.event.ControllerEvent.ControllerStops;
import org.portolan.model.event.ControllerEvent.Instructed;
import org.portolan.model.event.ControllerEvent.SourceNotified;
import org.portolan.model.event.ControllerEvent.SourceRead;
import org.portolan.model.event.DatabaseEvent.DatabasePassword;
import org.portolan.model.event.DatabaseEvent.DatabasePasswordKept;
import org.portolan.model.event.DatabaseEvent.DatabaseReady;
import org.portolan.model.event.DatabaseEvent.DatabaseUnchecked;
import org.portolan.model.event.DeploymentEvent.Attached;
import org.portolan.model.event.DeploymentEvent.DeployHeld;
import org.portolan.model.event.DeploymentEvent.DeploymentCreated;
import org.portolan.model.event.DeploymentEvent.DeploymentRemoved;
import org.portolan.model.event.DeploymentEvent.DeploymentUnpinned;
import org.portolan.model.event.DeploymentEvent.LockWait;
import org.portolan.model.event.DeploymentEvent.StartLeft;
import org.portolan.model.event.DeploymentEvent.StoreOlder;
import org.portolan.model.event.InstanceEvent.Change;
import org.portolan.model.event.InstanceEvent.InstanceChanged;
import org.portolan.model.event.InstanceEvent.InstanceFailed;
import org.portolan.model.event.InstanceEvent.InstanceImpaired;
import org.portolan.model.event.InstanceEvent.InstanceServing;
import org.portolan.model.event.InstanceEvent.InstanceSilent;
import org.portolan.model.event.InstanceEvent.Operation;
import org.portolan.model.event.InstanceEvent.StepBegins;
import org.portolan.model.event.JobEvent.JobCompleted;
import org.portolan.model.event.JobEvent.JobFailed;
import org.portolan.model.event.JobEvent.JobOutput;
import org.portolan.model.event.JobEvent.JobStarted;
import org.portolan.model.event.JobEvent.JobStepBegins;
import org.portolan.model.event.JobEvent.JobsKept;
import org.portolan.model.event.JobEvent.JobsNotRun;
import org.portolan.model.event.ReleaseEvent.CanaryReached;
import org.portolan.model.event.ReleaseEvent.Ordered;
import org.portolan.model.event.ReleaseEvent.PlannedAction;
import org.portolan.model.event.ReleaseEvent.ReleaseDone;
import org.portolan.model.event.ReleaseEvent.ReleaseFailed;
import org.portolan.model.event.ReleaseEvent.ReleaseInterrupted;
import org.portolan.model.event.ReleaseEvent.ReleaseStarted;
import org.portolan.model.event.ReleaseEvent.RollbackContinued;
import org.portolan.model.event.ReleaseEvent.RollbackDone;
import org.portolan.model.event.ReleaseEvent.ServiceHeld;
import org.portolan.model.event.ReleaseEvent.StillWaiting;
import org.portolan.model.event.ReleaseEvent.Unavailable;
import org.portolan.model.event.ReleaseEvent.Waiting;
import org.portolan.model.event.ResourceEvent.ImageProgress;
import org.portolan.model.event.ResourceEvent.ImagePull;
import org.portolan.model.event.ResourceEvent.ImageRemoved;
import org.portolan.model.event.ResourceEvent.ImagesKept;
import org.portolan.model.event.ResourceEvent.ProxiesRenewed;
import org.portolan.model.event.ResourceEvent.ProxiesRepaired;
import org.portolan.model.event.ResourceEvent.ProxyReloaded;
import org.portolan.model.event.ResourceEvent.ProxyRepaired;
import org.portolan.model.event.ResourceEvent.ProxyRestarted;
import org.portolan.model.event.ResourceEvent.ValueChange;
import org.portolan.model.event.ResourceEvent.ValueChanged;
import org.portolan.model.event.ResourceEvent.VolumeDataLeft;
import org.portolan.model.event.ResourceEvent.VolumeKept;
import org.portolan.model.event.ResourceEvent.VolumeMisplaced;
import org.portolan.model.event.ResourceEvent.VolumeOwner;
import org.portolan.model.event.ResourceEvent.VolumeRemoved;
import org.portolan.model.labels.InstanceId;

/**
 * Makes an event's data from the fields that were written: {@code level}, {@code deployment}, {@code kind}, {@code service},
 * {@code instance}, {@code message} and those of {@link EventData#fields}, which an earlier Portolan did not write. What it wrote only into the
 * message is read from there; what cannot be read is an {@link UnknownEvent} with the message that was written.
 */
public final class EventReader {
    private static final String BY = " by ";

    private final Map<String, String> fields;

    private EventReader(Map<String, String> fields) {
        this.fields = fields;
    }

    /** Never fails: an event that cannot be read still says what it says. */
    public static EventData data(Map<String, String> fields) {
        EventReader in = new EventReader(fields);
        Optional<EventKind> kind = EventKind.of(in.text("kind"));
        try {
            if (kind.isPresent()) {
                return in.data(kind.get());
            }
        } catch (IllegalArgumentException otherForm) {
            // Below.
        }
        return new UnknownEvent(in.text("kind"), in.text("service"), in.text("instance"), in.message());
    }

    private EventData data(EventKind kind) {
        return switch (kind) {
            case RELEASE_STARTED -> new ReleaseStarted(text("who"), text("reason"));
            case ACTION -> new PlannedAction(text("mark"), text("summary"));
            case RELEASE_DONE -> new ReleaseDone(took(), text("reason"));
            case RELEASE_INTERRUPTED -> new ReleaseInterrupted();
            case RELEASE_FAILED -> new ReleaseFailed(text("cause", message()));
            case ROLLBACK_CONTINUED -> new RollbackContinued();
            case ROLLBACK_DONE -> new RollbackDone(text("result", message()), flag("continued"));
            case CONTAINER_STOPPED -> adopted(AdoptionEvent.Fate.STOPPED);
            case CONTAINER_RESUMED -> adopted(AdoptionEvent.Fate.RESUMED);
            case CONTAINER_REMOVED -> adopted(AdoptionEvent.Fate.REMOVED);
            case CANARY_STEP -> canary();
            case SERVICE_HELD -> new ServiceHeld(text("service"), text("cause"));
            case WAITING -> new Waiting(text("service"), text("awaited"));
            case STILL_WAITING -> new StillWaiting(text("service"), text("awaited"));
            case UNAVAILABLE -> new Unavailable(text("trouble"));
            case ORDER_PROMOTE -> new Ordered(ReleaseOrder.PROMOTE, who(), reason());
            case ORDER_ABORT -> new Ordered(ReleaseOrder.ABORT, who(), reason());
            case ORDER_PAUSE -> new Ordered(ReleaseOrder.PAUSE, who(), reason());
            case ORDER_RESUME -> new Ordered(ReleaseOrder.RESUME, who(), reason());
            case CREATE_BEGINS -> new StepBegins(Operation.CREATE, id());
            case START_BEGINS -> new StepBegins(Operation.START, id());
            case KEEP_RUNNING_BEGINS -> new StepBegins(Operation.KEEP_RUNNING, id());
            case RELOAD_BEGINS -> new StepBegins(Operation.RELOAD, id());
            case STOP_BEGINS -> new StepBegins(Operation.STOP, id());
            case REMOVE_BEGINS -> new StepBegins(Operation.REMOVE, id());
            case INSTANCE_CREATED -> new InstanceChanged(Change.CREATED, id());
            case INSTANCE_STARTED -> new InstanceChanged(Change.STARTED, id());
            case INSTANCE_KEPT -> new InstanceChanged(Change.KEPT, id());
            case INSTANCE_RELOADED -> new InstanceChanged(Change.RELOADED, id());
            case INSTANCE_HEALTHY -> new InstanceChanged(Change.HEALTHY, id());
            case INSTANCE_DRAINING -> new InstanceChanged(Change.DRAINING, id());
            case INSTANCE_DRAINED -> new InstanceChanged(Change.DRAINED, id());
            case INSTANCE_STOPPED -> new InstanceChanged(Change.STOPPED, id());
            case INSTANCE_REMOVED -> new InstanceChanged(Change.REMOVED, id());
            case INSTANCE_RESUMED -> new InstanceChanged(Change.RESUMED, id());
            case INSTANCE_SERVING -> new InstanceServing(id(), routed());
            case INSTANCE_FAILED -> new InstanceFailed(id(), text("cause", after(id() + " ", message())));
            case INSTANCE_SILENT -> new InstanceSilent(id(), text("finding", message()));
            case INSTANCE_IMPAIRED ->
                new InstanceImpaired(id(), text("trouble", before(message(), InstanceEvent.IMPAIRED)));
            case JOB_STARTED ->
                new JobStarted(text("service"), number("version"), text("job"), number("attempt"), text("instance"));
            case JOB_STEP -> new JobStepBegins(text("step"), text("instance"));
            case JOB_OUTPUT -> new JobOutput(text("service"), text("job"), text("instance"), text("line"));
            case JOB_COMPLETED ->
                new JobCompleted(
                        text("service"), number("version"), text("job"), number("attempt"), took(), text("instance"));
            case JOB_FAILED ->
                new JobFailed(
                        text("service"),
                        number("version"),
                        text("job"),
                        number("attempt"),
                        number("exit_status"),
                        flag("timed_out"),
                        took(),
                        text("instance"));
            case JOBS_NOT_RUN -> new JobsNotRun(text("cause"));
            case JOBS_KEPT -> new JobsKept(text("cause"));
            case DEPLOYMENT_CREATED -> new DeploymentCreated();
            case DEPLOYMENT_REMOVED -> new DeploymentRemoved(who(), reason());
            case DEPLOYMENT_UNPINNED -> new DeploymentUnpinned();
            case DEPLOY_HELD -> new DeployHeld(number("pinned"));
            case LOCK_WAIT -> new LockWait(text("holder"));
            case STORE_OLDER -> new StoreOlder();
            case START_LEFT -> new StartLeft(text("holder"));
            case ATTACHED -> new Attached(number("instances"), text("network"));
            case CONTROLLER_LEADS -> new ControllerLeads(text("who"));
            case CONTROLLER_STOPS -> new ControllerStops(text("cause"));
            case CONTROLLER_STANDS_BY -> new ControllerStandsBy(text("holder"));
            case SOURCE_READ -> new SourceRead(text("source"), text("commit"));
            case SOURCE_NOTIFIED -> new SourceNotified(text("source"), text("who"));
            case INSTRUCTED ->
                new Instructed(text("subject"), text("name"), text("decision"), text("who"), text("reason"));
            case CONDITION_CHANGED ->
                new ConditionChanged(text("subject"), text("name"), text("condition"), text("what"));
            case ACCESS_GRANTED ->
                new AccessGranted(
                        text("credential"),
                        text("name"),
                        text("scope"),
                        text("deployments"),
                        text("expires"),
                        text("who"),
                        text("from"));
            case ACCESS_REMOVED -> new AccessRemoved(text("credential"), text("name"), text("who"), text("from"));
            case CHANGE_REQUESTED -> new ChangeRequested(text("what"), text("who"), text("from"));
            case PROXY_RELOADED -> new ProxyReloaded();
            case PROXY_RESTARTED -> new ProxyRestarted(text("trouble"));
            case PROXIES_REPAIRED -> new ProxiesRepaired();
            case PROXY_REPAIRED -> new ProxyRepaired(text("repair"));
            case PROXIES_RENEWED -> new ProxiesRenewed(text("change"));
            // An earlier Portolan wrote the volume where the instance stands.
            case VOLUME_KEPT -> new VolumeKept(text("volume", text("instance")));
            case VOLUME_REMOVED -> new VolumeRemoved(text("volume"));
            case VOLUME_FOLDER -> new VolumeDataLeft(text("volume"), text("folder"), text("root"));
            case VOLUME_MISPLACED -> new VolumeMisplaced(text("found"), text("advice"));
            case VOLUME_OWNER -> new VolumeOwner(text("folder"), number("user"), number("group"));
            case DATABASE_MADE -> new DatabaseReady(text("database"), text("server"), true);
            case DATABASE_PRESENT -> new DatabaseReady(text("database"), text("server"), false);
            case DATABASE_PASSWORD ->
                new DatabasePassword(text("database"), text("server"), text("user"), flag("both"));
            case DATABASE_PASSWORD_KEPT ->
                new DatabasePasswordKept(text("database"), text("server"), text("user"), text("cause"));
            case DATABASE_UNCHECKED ->
                new DatabaseUnchecked(text("database"), text("server"), text("user"), text("cause"));
            case VALUE_GENERATED -> new ValueChanged(ValueChange.GENERATED, text("value"));
            case VALUE_RECOVERED -> new ValueChanged(ValueChange.RECOVERED, text("value"));
            case VALUE_ROTATED -> new ValueChanged(ValueChange.ROTATED, text("value"));
            case VALUE_SET -> new ValueChanged(ValueChange.SET, text("value"));
            case IMAGE_PULL -> new ImagePull(text("image"));
            case IMAGE_PROGRESS -> new ImageProgress(text("progress"));
            case IMAGE_REMOVED -> new ImageRemoved(text("image"));
            case IMAGE_KEPT -> new ImagesKept(text("cause"));
            case NOTICE -> new Notice(level(), message());
            case UNKNOWN -> throw new IllegalArgumentException("no word is of this kind");
        };
    }

    private Optional<Duration> took() {
        return fields.containsKey("took_ms")
                ? Optional.of(Duration.ofMillis(Long.parseLong(text("took_ms"))))
                : Optional.empty();
    }

    /** {@code web  version 3, canary step 1 of 4: …} where no field says it. */
    private AdoptionEvent adopted(AdoptionEvent.Fate fate) {
        return new AdoptionEvent(fate, text("project"), text("container"));
    }

    private EventData canary() {
        String service = text("service");
        if (fields.containsKey("version")) {
            return new CanaryReached(service, number("version"), text("progress"));
        }
        String rest = after(service + "  version ", message());
        int comma = rest.indexOf(", ");
        if (comma < 0) {
            throw new IllegalArgumentException(message());
        }
        return new CanaryReached(service, Integer.parseInt(rest.substring(0, comma)), rest.substring(comma + 2));
    }

    /** {@code abort by ada@host: too slow} where no field says it. */
    private String who() {
        String rest = message()
                .substring(
                        message().indexOf(BY) < 0
                                ? message().length()
                                : message().indexOf(BY) + BY.length());
        return text("who", rest.indexOf(": ") < 0 ? rest : rest.substring(0, rest.indexOf(": ")));
    }

    private String reason() {
        int colon = message().indexOf(": ");
        return text("reason", colon < 0 ? "" : message().substring(colon + 2));
    }

    private boolean routed() {
        return fields.containsKey("routed") ? flag("routed") : !message().endsWith(" is running");
    }

    /** From the name, which is not ambiguous once deployment and service are known. */
    private InstanceId id() {
        String deployment = text("deployment");
        String service = text("service");
        String start = deployment + "-" + service + "-";
        String name = text("instance");
        int dash = name.lastIndexOf('-');
        if (!name.startsWith(start) || dash < start.length()) {
            throw new IllegalArgumentException(name);
        }
        return new InstanceId(
                deployment,
                service,
                Integer.parseInt(name.substring(start.length(), dash)),
                Integer.parseInt(name.substring(dash + 1)));
    }

    private EventLevel level() {
        for (EventLevel level : EventLevel.values()) {
            if (level.word().equals(text("level"))) {
                return level;
            }
        }
        throw new IllegalArgumentException(text("level"));
    }

    private String message() {
        return text("message");
    }

    private String text(String name) {
        return text(name, "");
    }

    private String text(String name, String otherwise) {
        return fields.getOrDefault(name, otherwise);
    }

    private int number(String name) {
        return Integer.parseInt(text(name));
    }

    private boolean flag(String name) {
        return text(name).equals("true");
    }

    private static String after(String start, String text) {
        return text.startsWith(start) ? text.substring(start.length()) : text;
    }

    private static String before(String text, String end) {
        return text.endsWith(end) ? text.substring(0, text.length() - end.length()) : text;
    }
}
