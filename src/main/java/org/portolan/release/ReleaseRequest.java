package org.portolan.release;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.portolan.model.container.Container;
import org.portolan.model.event.ReleaseOrder;
import org.portolan.model.service.Domain;
import org.portolan.model.service.ServiceSpec.EnvValue;
import org.portolan.plan.DesiredRelease;
import org.portolan.rollout.InstanceFactory;
import org.portolan.rollout.Leaving;
import org.portolan.rollout.RolloutProgress;

/**
 * What the executor is to bring about.
 *
 * @param release the release's number, for events
 * @param goal what is to be reached
 * @param factory makes containers
 * @param domains those that the proxies shall have once all services serve
 * @param leaving what is known of the services that leave
 * @param direction forward, or back
 * @param suspect containers that run already and may not have passed their startup check, nor have their restart policy
 *     (an interrupted or failed run made them)
 * @param adopted whether another installation's containers of this deployment are this run's to replace
 * @param parallel how many services roll at the same time
 * @param passwords all versions of the passwords of the goal's databases, newest first, by the database's name
 */
public record ReleaseRequest(
        int release,
        DesiredRelease goal,
        InstanceFactory factory,
        List<Domain> domains,
        Map<String, Leaving> leaving,
        Direction direction,
        Predicate<Container> suspect,
        boolean adopted,
        int parallel,
        Map<String, List<EnvValue>> passwords) {

    /** Where a run leads. */
    public sealed interface Direction {
        /**
         * To what was asked for: in the steps of each strategy, and as long as nobody orders otherwise.
         *
         * @param replace containers of the goal's own versions that shall be replaced
         * @param progresses what an interrupted run remembered
         * @param orders what people order while it runs
         * @param interrupted becomes true when a person wants to stop; what was begun is left so that the next run continues
         */
        record Forward(
                Set<String> replace,
                Map<String, RolloutProgress> progresses,
                Orders orders,
                BooleanSupplier interrupted)
                implements Direction {}

        /** Back to the last good release, or away: without canary steps and gates, not to be stopped halfway. */
        record Back() implements Direction {}
    }

    boolean forward() {
        return direction instanceof Direction.Forward;
    }

    Set<String> replace() {
        return direction instanceof Direction.Forward forward ? forward.replace() : Set.of();
    }

    Map<String, RolloutProgress> progresses() {
        return direction instanceof Direction.Forward forward ? forward.progresses() : Map.of();
    }

    /** What people have ordered so far. */
    List<ReleaseOrder> ordered() {
        return direction instanceof Direction.Forward forward ? forward.orders().all() : List.of();
    }

    /** Whether a person wants to stop it now. */
    boolean interrupted() {
        return direction instanceof Direction.Forward forward
                && forward.interrupted().getAsBoolean();
    }

    /** How a run ended. */
    public sealed interface Result {
        /** The goal is reached. */
        record Reached() implements Result {}

        /**
         * The goal cannot be reached.
         *
         * @param evidence what a person needs to see: exit status, health answers, the container's last lines
         */
        record Failed(String service, String instance, String cause, List<String> evidence) implements Result {}

        /** A person stopped it. */
        record Interrupted() implements Result {}
    }
}
