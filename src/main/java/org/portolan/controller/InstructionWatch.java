package org.portolan.controller;

import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.portolan.model.event.ControllerEvent.Instructed;
import org.portolan.model.event.Event;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.Standing.Subject;
import org.portolan.reconcile.Cause;
import org.portolan.reconcile.Cause.Reason;
import org.portolan.reconcile.WorkKey;
import org.portolan.release.Installation;

/** Has that looked at of which a person decided something, mostly in another process. */
final class InstructionWatch {
    private final Installation installation;
    private final BiConsumer<WorkKey, Cause> mark;
    private Set<Instruction> last = Set.of();
    private @Nullable AutoCloseable events;

    InstructionWatch(Installation installation, BiConsumer<WorkKey, Cause> mark) {
        this.installation = installation;
        this.mark = mark;
    }

    /** Begins to follow the events of instructions. */
    void open() {
        events = installation.store().follow(this::happened);
    }

    private void happened(Event event) {
        if (event.data() instanceof Instructed told) {
            Subject subject = told.subject().equals(Subject.SOURCE.word()) ? Subject.SOURCE : Subject.DEPLOYMENT;
            mark.accept(new WorkKey(subject, told.name()), new Cause(Reason.PERSON, told.decision()));
        }
    }

    /** An event may be lost: what holds now and did not at the last look, or no longer holds, is looked at. */
    synchronized void look() {
        Set<Instruction> now = Set.copyOf(installation.store().instructions());
        Set<Instruction> other = new HashSet<>(now);
        other.addAll(last);
        other.removeIf(one -> now.contains(one) && last.contains(one));
        last = now;
        other.forEach(one -> mark.accept(new WorkKey(one.subject(), one.name()), Cause.of(Reason.LOOK)));
    }

    void close() {
        AutoCloseable open = events;
        if (open != null) {
            try {
                open.close();
            } catch (Exception closed) {
                // It ends with the process.
            }
        }
    }
}
