package org.portolan.reconcile;

/**
 * Why something is looked at. A run never acts on it: it looks at what is, so a cause that is lost or comes twice does no harm.
 *
 * @param detail for people; "" for none
 */
public record Cause(Reason reason, String detail) {

    /** Where a mark comes from. */
    public enum Reason {
        /** This process has begun to lead. */
        START("start", false),
        /** A source's interval is over. */
        POLL("poll", false),
        /** Somebody pushed to a source. */
        PUSH("push", true),
        /** A Git host told of a push. */
        WEBHOOK("webhook", true),
        /** A source says something else of this deployment than before. */
        SOURCE("source", true),
        /** Something happened to a container. */
        ENGINE("container", false),
        /** Something happened to a network, or to a container in one. */
        NETWORK("network", false),
        /** A full look found something else than the last run left. */
        LOOK("look", false),
        /** The last run failed, or could not do its work yet. */
        RETRY("retry", false),
        /** The configuration says something else of it. */
        CONFIGURATION("configuration", true),
        /** A person asked for it. */
        PERSON("person", true);

        private final String word;
        private final boolean urgent;

        Reason(String word, boolean urgent) {
            this.word = word;
            this.urgent = urgent;
        }
    }

    public static Cause of(Reason reason) {
        return new Cause(reason, "");
    }

    /** Whether it starts a run at once, whatever failed before: something new is asked for. */
    public boolean urgent() {
        return reason.urgent;
    }

    @Override
    public String toString() {
        return detail.isEmpty() ? reason.word : reason.word + ": " + detail;
    }
}
