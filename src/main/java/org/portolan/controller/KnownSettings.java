package org.portolan.controller;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.portolan.engine.Engine;
import org.portolan.model.container.ContainerSettings;

/** What lists of containers do not tell, asked for once and kept: it changes by a person's hand only, which the engine tells of. */
final class KnownSettings {
    private final Engine engine;
    private final Map<String, ContainerSettings> known = new HashMap<>();
    /** How often something was forgotten: an answer that was on its way then is not kept. */
    private long changes;

    KnownSettings(Engine engine) {
        this.engine = engine;
    }

    /** @param container its id: what is asked by name is not kept */
    Optional<ContainerSettings> of(String container) {
        long before;
        synchronized (this) {
            ContainerSettings kept = known.get(container);
            if (kept != null) {
                return Optional.of(kept);
            }
            before = changes;
        }
        Optional<ContainerSettings> asked = engine.settings(container);
        synchronized (this) {
            if (changes == before) {
                asked.ifPresent(settings -> known.put(container, settings));
            }
        }
        return asked;
    }

    synchronized void forget(String container) {
        changes++;
        known.remove(container);
    }

    synchronized void forget() {
        changes++;
        known.clear();
    }
}
