package org.portolan.operate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.portolan.model.event.Event;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.Instruction.Kind;
import org.portolan.model.state.Standing.Subject;
import org.portolan.release.Installation;
import org.portolan.store.Commit;
import org.portolan.store.Lease;

/**
 * What of a deployment is otherwise than its files say, since a person changed it through Portolan: kept for people to see, until the
 * files are deployed again.
 */
final class HandNotes {
    private static final String STOP = "stop ";
    private static final String SET = "set-service ";

    private final Installation installation;
    private @Nullable List<Instruction> seen;

    HandNotes(Installation installation) {
        this.installation = installation;
    }

    /** What is kept of a deployment. */
    static List<Instruction> of(Installation installation, String deployment) {
        return of(installation.store().instructions(), deployment);
    }

    private static List<Instruction> of(List<Instruction> all, String deployment) {
        return all.stream()
                .filter(one -> one.kind() == Kind.BY_HAND && one.isOf(Subject.DEPLOYMENT, deployment))
                .toList();
    }

    /** Whether a deploy of files ends something of what is kept, although it may change nothing else. */
    boolean endedBy(Request.ByRelease request) {
        if (!(request instanceof Request.Apply apply)) {
            return false;
        }
        // One look serves all deployments of a file.
        List<Instruction> all = seen;
        if (all == null) {
            all = installation.store().instructions();
            seen = all;
        }
        return !ended(apply, of(all, apply.deployment())).isEmpty();
    }

    /** The files decide again; what they do not speak of stays: a service that is stopped, and one that was set by hand. */
    private static List<Instruction> ended(Request.Apply apply, List<Instruction> kept) {
        Set<String> declared = apply.desired().services().keySet();
        return kept.stream()
                .filter(one -> one.about().startsWith(STOP)
                        ? !declared.contains(one.about().substring(STOP.length()))
                        : !one.about().startsWith(SET)
                                || declared.contains(one.about().substring(SET.length())))
                .toList();
    }

    /** A deploy of files has ended well. */
    void deployed(Lease lease, Request.Apply apply) {
        write(lease, List.of(), ended(apply, of(installation, apply.deployment())));
    }

    /**
     * Keeps what is about to be changed by hand, so that it is known also when this process dies meanwhile.
     *
     * @param change what the request comes to
     * @return keeps what was kept before, for a change that did not happen
     */
    Runnable begin(Lease lease, Request.ByRelease request, Change change) {
        List<String> made = new ArrayList<>();
        List<String> over = new ArrayList<>();
        Optional<DeploymentState> state = installation.store().deployment(request.deployment());
        // What no files declare is by hand from the beginning.
        if (state.map(DeploymentState::owner).orElse(SourceId.HAND).equals(SourceId.HAND)) {
            return () -> {};
        }
        // By instanceof: each JVM would make a switch over types again (docs/adr/0038).
        if (request instanceof Request.Scale scale) {
            scale.scales().forEach((service, count) -> made.add("scale " + service + "=" + count));
        } else if (request instanceof Request.Stop stop) {
            named(state, stop.services()).forEach(service -> made.add(STOP + service));
        } else if (request instanceof Request.Start start) {
            named(state, start.services()).forEach(service -> over.add(STOP + service));
        } else if (request instanceof Request.SetService set) {
            made.add(SET + set.service());
        } else if (request instanceof Request.Rollback) {
            made.add(change.cause());
        } else {
            return () -> {};
        }
        List<Instruction> kept = of(installation, request.deployment());
        List<Instruction> now = made.stream().map(what -> change(request, what)).toList();
        List<Instruction> gone = kept.stream()
                .filter(one -> now.stream().noneMatch(one::sameAs))
                .filter(one -> over.contains(one.about())
                        || (request instanceof Request.Rollback && !one.about().startsWith(STOP)))
                .toList();
        write(lease, now, gone);
        List<Instruction> before = kept.stream()
                .filter(one -> gone.contains(one) || now.stream().anyMatch(one::sameAs))
                .toList();
        List<Instruction> added =
                now.stream().filter(one -> kept.stream().noneMatch(one::sameAs)).toList();
        return () -> write(lease, before, added);
    }

    private static Set<String> named(Optional<DeploymentState> state, Set<String> services) {
        return services.isEmpty()
                ? state.map(known -> known.services().keySet()).orElse(services)
                : services;
    }

    /** {@code scale web=3} is about {@code scale web}, {@code rollback to 3} about the rollback. */
    private Instruction change(Request.ByRelease request, String what) {
        Mandate mandate = request.mandate();
        int equals = what.indexOf('=');
        String about = request instanceof Request.Rollback ? "rollback" : equals < 0 ? what : what.substring(0, equals);
        return new Instruction(
                Kind.BY_HAND,
                Subject.DEPLOYMENT,
                request.deployment(),
                about,
                mandate.caller().name(),
                installation.clock().instant(),
                installation.secrets().mask(what + (mandate.reason().isEmpty() ? "" : ": " + mandate.reason())),
                "");
    }

    private void write(Lease lease, List<Instruction> now, List<Instruction> gone) {
        if (!now.isEmpty() || !gone.isEmpty()) {
            installation
                    .store()
                    .commit(
                            lease,
                            Commit.instructions(lease.name(), new Commit.Instructions(now, gone), List.<Event>of()));
        }
    }
}
