package org.portolan.deploy;

import java.util.Optional;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;
import org.portolan.rollout.Reporter.Level;
import org.portolan.rollout.Tasks;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/** Takes a deployment's lock, and waits for it where that is wanted. */
final class Locks {
    private final Installation installation;

    Locks(Installation installation) {
        this.installation = installation;
    }

    Lease take(String deployment, DeployOptions options) {
        Store store = installation.store();
        Tasks tasks = installation.tasks().get();
        String told = "";
        while (true) {
            Optional<Lease> lease = store.acquire(deployment, "deploy by " + options.who());
            if (lease.isPresent()) {
                return lease.get();
            }
            String holder = store.holder(deployment).orElse("another process");
            if (!options.waitForLock()) {
                throw new Failure(ExitStatus.UNAVAILABLE, deployment + " is locked by " + holder)
                        .withHint("wait for it: the same command without --no-wait");
            }
            if (options.interrupted().getAsBoolean()) {
                throw new Failure(ExitStatus.UNAVAILABLE, "stopped while waiting for the lock of " + deployment);
            }
            if (!holder.equals(told)) {
                Deployer.report(installation, Level.DETAIL, "lock-wait", deployment, "waits for " + holder);
                told = holder;
            }
            tasks.await(java.time.Duration.ofMillis(200));
        }
    }
}
