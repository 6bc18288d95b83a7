package org.portolan.model.state;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.portolan.model.Instead;

/**
 * How a source or a deployment stands with the controller, as it was last observed. A standing that is lost is observed again.
 *
 * @param name of the deployment, or what the configuration calls the source
 * @param what the condition in words; "" when all is well
 * @param since when the condition began
 * @param at when it was last observed
 * @param next when the controller tries again at the earliest; empty: when something happens
 * @param commit what a source was last read at, or what a deployment was last brought to; "" for none
 * @param applied tells whether the files say something else of a deployment than what was last applied; "" for nothing
 * @param asks what a person has to agree to, as a digest by which they say that they agree to just that; "" for nothing
 * @param instead what is said of the condition to whoever does not see other deployments or sources that {@code what} speaks of
 * @param replaced of a deployment, how often unhealthy instances were replaced, by service and version
 * @param unhealthy of a deployment, since when those of its instances that run are unhealthy that are
 */
public record Standing(
        Subject subject,
        String name,
        Condition condition,
        String what,
        Instant since,
        Instant at,
        Optional<Instant> next,
        String commit,
        String applied,
        String asks,
        Optional<Instead> instead,
        List<Replaced> replaced,
        List<Unhealthy> unhealthy) {
    public Standing {
        replaced = List.copyOf(replaced);
        unhealthy = List.copyOf(unhealthy);
    }

    /**
     * An instance that runs and is unhealthy.
     *
     * @param container its id
     * @param seen when it was last seen so, at most half a minute before the last look
     */
    public record Unhealthy(String container, Instant since, Instant seen) {}

    /**
     * Unhealthy instances that were replaced.
     *
     * @param last when the last one was
     */
    public record Replaced(String service, int version, int count, Instant last) {}

    /** The kinds of things that the controller looks at. */
    public enum Subject {
        SOURCE("source"),
        DEPLOYMENT("deployment"),
        /** The configuration's file, which a running controller reads again. */
        CONFIGURATION("configuration"),
        /** The controller's API: its certificate, and its domain at the edge. */
        CONTROLLER("controller");

        private final String word;

        Subject(String word) {
            this.word = word;
        }

        /** As it is written in the store and in JSON. */
        public String word() {
            return word;
        }
    }

    /** What is the case. */
    public enum Condition {
        /** All is as it should be. */
        OK("ok"),
        /** The last attempt failed. */
        FAILING("failing"),
        /** Something differs, and is reported only. */
        DRIFT("drift"),
        /** Somebody has to agree first. */
        PENDING_APPROVAL("pending-approval"),
        /** A person rolled back, and that holds. */
        PINNED("pinned"),
        /** A new commit waits for the end of a freeze window. */
        FROZEN("frozen"),
        /** A person told the controller to leave it alone. */
        SUSPENDED("suspended");

        private final String word;

        Condition(String word) {
            this.word = word;
        }

        /** As it is written in the store and in JSON. */
        public String word() {
            return word;
        }
    }

    /** One of which nothing is known yet. */
    public static Standing unknown(Subject subject, String name, Instant now) {
        return new Standing(
                subject,
                name,
                Condition.OK,
                "",
                now,
                now,
                Optional.empty(),
                "",
                "",
                "",
                Optional.empty(),
                List.of(),
                List.of());
    }

    /** The same with this condition; since when it is so stays where it was so before. */
    public Standing with(Condition now, String words, Instant at) {
        boolean same = now == condition && words.equals(what);
        return new Standing(
                subject,
                name,
                now,
                words,
                same ? since : at,
                at,
                Optional.empty(),
                commit,
                applied,
                "",
                Optional.empty(),
                replaced,
                unhealthy);
    }

    /** The same, with what is said instead to whoever does not see all that it speaks of. */
    public Standing naming(Optional<Instead> others) {
        return new Standing(
                subject, name, condition, what, since, at, next, commit, applied, asks, others, replaced, unhealthy);
    }

    /** As somebody is shown it who sees these deployments. */
    public Standing seenBy(Predicate<String> sees) {
        return new Standing(
                subject,
                name,
                condition,
                seenWhat(sees),
                since,
                at,
                next,
                commit,
                applied,
                asks,
                Optional.empty(),
                replaced,
                unhealthy);
    }

    /** The condition in words, for somebody who sees these deployments. */
    public String seenWhat(Predicate<String> sees) {
        return instead.filter(other -> !other.isSeen(sees)).map(Instead::words).orElse(what);
    }

    /** The same, waiting for somebody who agrees to what this is the digest of. */
    public Standing asking(String digest) {
        return new Standing(
                subject, name, condition, what, since, at, next, commit, applied, digest, instead, replaced, unhealthy);
    }

    /** The same with the next attempt. */
    public Standing trying(Optional<Instant> at) {
        return new Standing(
                subject, name, condition, what, since, this.at, at, commit, applied, asks, instead, replaced,
                unhealthy);
    }

    /** The same, of this commit. */
    public Standing at(String newCommit, String newApplied) {
        return new Standing(
                subject,
                name,
                condition,
                what,
                since,
                at,
                next,
                newCommit,
                newApplied,
                asks,
                instead,
                replaced,
                unhealthy);
    }

    /** The same, with so many instances replaced, and these unhealthy. */
    public Standing ailing(List<Replaced> often, List<Unhealthy> ill) {
        return new Standing(
                subject, name, condition, what, since, at, next, commit, applied, asks, instead, often, ill);
    }

    /** Whether it says the same, whenever it was observed. */
    public boolean says(Standing other) {
        return other.subject == subject
                && other.name.equals(name)
                && other.condition == condition
                && other.what.equals(what)
                && other.next.equals(next)
                && other.commit.equals(commit)
                && other.applied.equals(applied)
                && other.asks.equals(asks)
                && other.instead.equals(instead)
                && other.replaced.equals(replaced)
                && other.unhealthy.equals(unhealthy);
    }
}
