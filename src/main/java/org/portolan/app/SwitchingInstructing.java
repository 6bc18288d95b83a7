package org.portolan.app;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.portolan.cli.Lazy;
import org.portolan.controller.Instructing;
import org.portolan.model.event.EventSink;
import org.portolan.model.state.Standing;
import org.portolan.operate.Mandate;
import org.portolan.reconcile.WorkKey;

/** What people tell the controller: through the one that leads at that time, else written down here. */
final class SwitchingInstructing implements Instructing {
    private final ControllerLink link;
    private final EventSink events;
    private final Lazy<Instructing> own;

    SwitchingInstructing(ControllerLink link, EventSink events, Supplier<Instructing> own) {
        this.link = link;
        this.events = events;
        this.own = new Lazy<>(own);
    }

    private <T> T ask(Function<Instructing, T> what) {
        return link.either(far -> what.apply(far.instructing(events)), () -> what.apply(own.get()));
    }

    private void tell(Consumer<Instructing> what) {
        ask(told -> {
            what.accept(told);
            return true;
        });
    }

    @Override
    public void suspend(WorkKey key, Mandate mandate) {
        tell(told -> told.suspend(key, mandate));
    }

    @Override
    public void resume(WorkKey key, Mandate mandate) {
        tell(told -> told.resume(key, mandate));
    }

    @Override
    public void approve(Standing shown, Mandate mandate) {
        tell(told -> told.approve(shown, mandate));
    }

    @Override
    public boolean look(String source, Optional<Duration> most, Mandate mandate) {
        return ask(told -> told.look(source, most, mandate));
    }
}
