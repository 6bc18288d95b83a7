package org.portolan.rollout;

/** What a strategy wants of one instance. {@link TargetSteps} turns it into the next step towards it. */
public sealed interface InstanceTarget {
    /** Runs, is healthy, and gets this share of the traffic. */
    record Serving(ServerTarget ready) implements InstanceTarget {
        static final Serving FULL = new Serving(ServerTarget.READY);
    }

    /** Its container stays as it is; the proxy does this with it. */
    record Routed(ServerTarget serverTarget) implements InstanceTarget {}

    /** Its container and its place in the proxy stay as they are. */
    record Unchanged() implements InstanceTarget {
        static final Unchanged IT = new Unchanged();
    }

    /** It is started later, and gets no traffic until then. */
    record NotYet(String why) implements InstanceTarget {}

    /** Drained and stopped; its container stays. */
    record Stopped() implements InstanceTarget {
        static final Stopped IT = new Stopped();
    }

    /** Drained, stopped and removed. */
    record Gone() implements InstanceTarget {
        static final Gone IT = new Gone();
    }
}
