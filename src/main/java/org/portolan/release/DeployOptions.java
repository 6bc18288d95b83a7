package org.portolan.release;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.portolan.model.NeedsConsent;

/**
 * How a change is asked for.
 *
 * @param force new versions for all services
 * @param adopt take over what another installation runs
 * @param automatic nobody watches: a hook or a controller asks
 * @param retry an automatic deploy of a commit that failed before
 * @param waitForLock whether to wait for another process that changes the deployment
 * @param parallel how many services roll at the same time; empty: as configured
 * @param fingerprint of a saved plan; the change is refused when the world moved since
 * @param agreed what needs consent and has it
 * @param interrupted becomes true when a person wants to stop
 * @param who the person or hook, {@code user@host}
 */
public record DeployOptions(
        boolean force,
        boolean adopt,
        boolean automatic,
        boolean retry,
        boolean waitForLock,
        Optional<Integer> parallel,
        Optional<String> fingerprint,
        Agreement agreed,
        BooleanSupplier interrupted,
        String who) {

    /** A person's deploy without consent to a prune. */
    public static DeployOptions by(String who) {
        return new DeployOptions(
                false, false, false, false, true, Optional.empty(), Optional.empty(), Agreement.NONE, () -> false, who);
    }

    /** The same, for one whom a person watches, who may stop it. */
    public DeployOptions attended(BooleanSupplier stopped, boolean waits) {
        return new DeployOptions(force, adopt, automatic, retry, waits, parallel, fingerprint, agreed, stopped, who);
    }

    /** The same, with this agreed to. */
    public DeployOptions agreeing(Agreement to) {
        return new DeployOptions(
                force, adopt, automatic, retry, waitForLock, parallel, fingerprint, to, interrupted, who);
    }

    /**
     * Makes a request with these options; where it needs consent that somebody gives, makes it again with what was agreed
     * to. Nothing is locked while somebody is asked.
     *
     * @throws NeedsConsent when nobody agrees
     */
    public <T> T agreedBy(Predicate<NeedsConsent> agrees, Function<DeployOptions, T> request) {
        DeployOptions asked = this;
        while (true) {
            try {
                return request.apply(asked);
            } catch (NeedsConsent needs) {
                if (!agrees.test(needs)) {
                    throw needs;
                }
                asked = asked.agreeing(asked.agreed().and(needs.needed()));
            }
        }
    }

    /** The same, for so many services at the same time. */
    public DeployOptions withParallel(int count) {
        return new DeployOptions(
                force, adopt, automatic, retry, waitForLock, Optional.of(count), fingerprint, agreed, interrupted, who);
    }

    /** The same, for a saved plan that must still hold. */
    public DeployOptions withFingerprint(String savedPlan) {
        return new DeployOptions(
                force,
                adopt,
                automatic,
                retry,
                waitForLock,
                parallel,
                Optional.of(savedPlan),
                agreed,
                interrupted,
                who);
    }

    /** The same, for a deploy that is to do this. */
    public DeployOptions asking(boolean newVersions, boolean takeOver, boolean byItself, boolean again) {
        return new DeployOptions(
                newVersions, takeOver, byItself, again, waitForLock, parallel, fingerprint, agreed, interrupted, who);
    }
}
