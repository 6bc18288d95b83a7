package org.portolan.operate;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.portolan.model.Durations;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.event.DeploymentEvent.LockWait;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;
import org.portolan.release.Tasks;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/**
 * Takes a deployment's lock, and waits for it where that is wanted. Of the deploys that wait only the newest continues: one
 * that came before it would bring about a state that nobody wants any more.
 */
final class Locks {
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final Installation installation;

    Locks(Installation installation) {
        this.installation = installation;
    }

    /** For a change of a part (scale, stop, remove): it waits its turn, and no newer change makes it needless. */
    Lease take(String deployment, Caller caller, DeployOptions options) {
        return take(deployment, "deploy by " + caller.name(), options, false);
    }

    /** For what changes nothing that a release says, such as {@code backup of shop-db-data}: others see it as that. */
    Lease take(String deployment, String work, Caller caller, DeployOptions options) {
        return take(deployment, work + " by " + caller.name(), options, false);
    }

    /**
     * For a release.
     *
     * @param queued whether it supersedes those that came before it and wait, as one does that says the whole state
     * @throws Failure {@link Kind#LOCKED} when the lock is not free in time, or a newer deploy came
     */
    Lease take(String deployment, Caller caller, DeployOptions options, boolean queued) {
        return take(deployment, "deploy by " + caller.name(), options, queued);
    }

    private Lease take(String deployment, String purpose, DeployOptions options, boolean queued) {
        Store store = installation.store();
        // Before anything is changed: the store remembers the id for a state directory that loses it, and tells when it
        // belongs to another installation.
        store.claim(installation.settings().installation());
        Optional<Lease> lease = store.acquire(deployment, purpose);
        if (lease.isEmpty() && !options.waitForLock()) {
            throw new Failure(Kind.LOCKED, deployment + " is locked by " + holder(deployment))
                    .withHint("to wait for it, run the command without --no-wait");
        }
        // Also who need not wait is seen by those that do: the lock may have been given back a moment ago.
        long ticket = queued
                ? store.arrive(deployment, purpose, lease.map(Lease::token).orElse(0L))
                : Long.MAX_VALUE;
        return lease.orElseGet(() -> await(deployment, options, purpose, ticket));
    }

    private Lease await(String deployment, DeployOptions options, String purpose, long ticket) {
        Store store = installation.store();
        Tasks tasks = installation.tasks().get();
        Duration most = installation.settings().lockWait();
        Instant end = installation.clock().instant().plus(most);
        String told = "";
        while (true) {
            Optional<String> newer = store.supersededBy(deployment, ticket);
            if (newer.isPresent()) {
                throw new Failure(Kind.LOCKED, deployment + ": superseded by " + newer.get())
                        .withHint("nothing was changed by this one; the newer deploy decides the state");
            }
            Optional<Lease> lease = store.acquire(deployment, purpose);
            if (lease.isPresent()) {
                return lease.get();
            }
            if (options.interrupted().getAsBoolean()) {
                throw new Failure(Kind.LOCKED, "stopped while waiting for the lock of " + deployment);
            }
            String holder = holder(deployment);
            if (!installation.clock().instant().isBefore(end)) {
                throw new Failure(
                                Kind.LOCKED,
                                deployment + " is still locked after " + Durations.format(most) + ", by " + holder)
                        .withRemedy(Remedy.of("wait until it has finished, or stop it (Ctrl-C, ")
                                .and(Call.on(deployment, Verb.ABORT))
                                .and("), and run the command again; deploy.lock_wait sets how long to wait"));
            }
            if (!holder.equals(told)) {
                installation.publish(deployment, new LockWait(holder));
                told = holder;
            }
            tasks.await(LOOK_EVERY);
        }
    }

    private String holder(String deployment) {
        return installation.store().holder(deployment).orElse("another process");
    }
}
