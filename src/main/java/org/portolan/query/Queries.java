package org.portolan.query;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.portolan.model.routing.AccessLogPage;

/** What looking commands ask, and get the same answer to from this machine's own parts and from a controller elsewhere. */
public interface Queries {
    /**
     * What there is.
     *
     * @param warnings gets what cannot be looked up while the rest can
     */
    Inventory inventory(Consumer<String> warnings);

    /**
     * How deployments are.
     *
     * @param deployment empty: all
     * @param warnings gets what cannot be looked up while the rest can
     */
    StatusReport status(Optional<String> deployment, Consumer<String> warnings);

    /**
     * What the controller last observed, and what people decided.
     *
     * @param warnings gets what cannot be looked up
     */
    ControllerStatus controller(Consumer<String> warnings);

    /** What was deployed; empty when nothing ever was. */
    Optional<Releases> releases();

    /**
     * Everything about what a name means in a deployment.
     *
     * @param inventory what there is, as it was taken just before
     * @param word a service or an instance; "" for the deployment
     */
    Inspected inspect(Inventory inventory, String deployment, String word);

    /**
     * What happened, and if it is followed what happens; empty when nothing ever did and it is not followed.
     *
     * @param follow whether what comes is asked for too
     */
    Optional<Happenings> events(boolean follow, EventFilter wanted);

    /**
     * Lines of a domain's access log, the oldest first.
     *
     * @param domain with its aliases; one alias: only its own
     * @param since no line of before
     * @param tail how many of the newest lines
     * @param after what {@link AccessLogPage#next} said: all that came since then, instead of the newest lines
     */
    AccessLogPage accessLog(String domain, Optional<Instant> since, int tail, Optional<String> after);

    /** The output of instances, line by line. */
    Outputs logs(InstanceLogs.Sink sink);

    /** The generated values of a deployment by name, without the values. */
    List<SecretSummary> secrets(String deployment);

    /**
     * One of them.
     *
     * @throws org.portolan.model.Failure with {@code NOT_FOUND} when there is none, {@code CORRUPT} when it cannot be read
     */
    SecretValue secret(String deployment, String name);
}
