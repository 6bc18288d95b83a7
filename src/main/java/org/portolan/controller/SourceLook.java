package org.portolan.controller;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.Event;
import org.portolan.model.service.Desired;
import org.portolan.reconcile.Cause;
import org.portolan.reconcile.Cause.Reason;
import org.portolan.reconcile.WorkKey;

/** Has a source of the configuration looked at now, all that is followed of it, and tells what comes of it. */
public final class SourceLook {
    private final ControllerHandle controller;
    private final String source;

    /**
     * Marks nothing yet.
     *
     * @throws Failure when nothing is followed under this name
     */
    public SourceLook(ControllerHandle controller, String source) {
        this.controller = controller;
        this.source = source;
        if (controller.followed(source).isEmpty()) {
            throw new Failure(Kind.NOT_FOUND, "the controller follows no source " + source)
                    .withHint("see `sources` in its configuration");
        }
    }

    /** Has it looked at soon. */
    public void begin(String who) {
        for (Followed each : controller.followed(source)) {
            // What patterns stand for is looked at by the one that has them.
            if (each.partOf().isEmpty()) {
                controller.mark(WorkKey.source(each.name()), new Cause(Reason.WEBHOOK, who));
            }
        }
    }

    /**
     * The same, and waits until nothing more is done for it.
     *
     * @param events gets what happens to its deployments
     * @param most how long to follow
     * @param stopped becomes true when it shall no longer be followed
     */
    public PushFollower.Ended follow(String who, Consumer<Event> events, Duration most, BooleanSupplier stopped) {
        // Also what it named before: that is removed now.
        Set<String> named = new TreeSet<>();
        declared().forEach(desired -> named.add(desired.name()));
        WorkWatch watch = new WorkWatch(
                controller,
                () -> controller.followed(source).stream()
                        .map(each -> WorkKey.source(each.name()))
                        .toList(),
                this::declared,
                event -> {
                    declared().forEach(desired -> named.add(desired.name()));
                    return named.contains(event.deployment());
                },
                // A source is looked at by those who see all that it has.
                name -> true);
        return watch.until(() -> begin(who), events, most, stopped);
    }

    private List<Desired> declared() {
        return controller.followed(source).stream()
                .flatMap(each -> controller.declared(each.name()).stream())
                .toList();
    }
}
