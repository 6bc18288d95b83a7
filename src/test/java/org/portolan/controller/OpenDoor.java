package org.portolan.controller;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Keeps what a controller hands to its doors. */
final class OpenDoor implements Door {
    private Optional<ControllerHandle> handle = Optional.empty();

    /** The controller, while it leads. */
    ControllerHandle handle() {
        return handle.orElseThrow();
    }

    @Override
    public void start(ControllerHandle controller) {
        handle = Optional.of(controller);
    }

    @Override
    public void stop(Duration deadline) {
        handle = Optional.empty();
    }

    @Override
    public List<String> describe() {
        return List.of();
    }
}
