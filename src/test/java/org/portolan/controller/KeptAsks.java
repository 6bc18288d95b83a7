package org.portolan.controller;

import java.util.List;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventData;
import org.portolan.release.Installation;
import org.portolan.store.Commit;
import org.portolan.store.Lease;

/** Keeps what doors are asked for as a controller does, for tests whose controller is none. */
public final class KeptAsks {
    private KeptAsks() {}

    /** What a handle's {@code record} and {@code keep} write, with its events. */
    public static List<Event> keep(Installation parts, List<String> deployments, EventData data, Commit.Asked asked) {
        List<Event> events = deployments.stream()
                .map(deployment -> parts.event(deployment, 0, data))
                .toList();
        if (!asked.equals(Commit.Asked.UNCHANGED)) {
            keep(parts, asked);
        }
        return events;
    }

    public static void keep(Installation parts, Commit.Asked asked) {
        try (Lease lease = parts.store().acquire("controller/asked", "a test").orElseThrow()) {
            parts.store().commit(lease, Commit.asked(lease.name(), asked, List.of()));
        }
    }
}
