package org.portolan.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.portolan.model.state.Release;
import org.portolan.query.DeploymentStatus;
import org.portolan.query.InstanceStatus;
import org.portolan.query.ServiceSummary;

/**
 * A service with its instances.
 *
 * @param version of the last release, "–" when it is not known
 * @param scale how many of how many run
 * @param wanted how many the last release says
 * @param placed whether a release knows it, so that it can be changed
 * @param stopped whether a person stopped it
 * @param note why nothing runs; "" when something does
 */
public record ServiceRow(
        String name,
        String version,
        String image,
        String scale,
        String ports,
        String note,
        List<InstanceMark> instances,
        boolean lacking,
        int wanted,
        boolean placed,
        boolean stopped) {

    /** One of what is known of it. */
    public static ServiceRow of(DeploymentStatus.Service service) {
        ServiceSummary summary = service.service();
        List<InstanceMark> marks = new ArrayList<>();
        for (InstanceStatus instance : service.instances()) {
            marks.add(InstanceMark.of(summary, instance));
        }
        int wanted = summary.stopped() || summary.held().isPresent()
                ? 0
                : summary.placed().map(Release.Placed::scale).orElse(0);
        long there = summary.running() + summary.completed();
        for (long missing = there; missing < wanted && marks.size() < wanted; missing++) {
            marks.add(InstanceMark.missing(summary.deployment(), summary.name()));
        }
        List<String> ports = new ArrayList<>();
        service.meshPorts().forEach((name, port) -> ports.add((name.isEmpty() ? "" : name + " ") + port));
        return new ServiceRow(
                summary.name(),
                summary.placed().map(placed -> "v" + placed.version()).orElse("–"),
                service.image().orElse(""),
                there + " of " + wanted,
                String.join(", ", ports),
                summary.absence().map(ServiceRow::note).orElse(""),
                marks,
                there < wanted,
                summary.placed().map(Release.Placed::scale).orElse(0),
                summary.placed().isPresent(),
                summary.stopped());
    }

    private static String note(ServiceSummary.Absence absence) {
        return absence == ServiceSummary.Absence.SCALED_TO_0
                ? "scaled to 0"
                : absence.name().toLowerCase(Locale.ROOT);
    }

    /** Whether there is something to be said. */
    public boolean noted() {
        return !note.isEmpty();
    }
}
