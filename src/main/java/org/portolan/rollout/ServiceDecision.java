package org.portolan.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.InstanceId;

/**
 * What is to be done next for one service.
 *
 * @param steps things to do on the engine, all at once
 * @param wishes what the proxy shall do with each instance; one that is not named leaves the proxy
 * @param waits what is waited for, a line each
 * @param serving whether the goal's instances all serve (those that leave may still be there)
 * @param reached whether nothing is left to do
 * @param failure why it cannot be reached
 * @param gates the step whose gates shall be tried now
 * @param journal what must be remembered from now on, if it changed
 * @param rests whether it waits on purpose: for a bake time, a person, the end of {@code keep_old}
 */
public record ServiceDecision(
        List<Step> steps,
        SortedMap<InstanceId, Wish> wishes,
        List<String> waits,
        boolean serving,
        boolean reached,
        Optional<Failed> failure,
        Optional<Integer> gates,
        Optional<Journal> journal,
        boolean rests) {

    /** The instance that failed, and why. */
    public record Failed(InstanceId instance, String container, String cause) {}

    /** Gathers a decision. */
    static final class Builder {
        private final List<Step> steps = new ArrayList<>();
        private final SortedMap<InstanceId, Wish> wishes = new TreeMap<>();
        private final List<String> waits = new ArrayList<>();
        private Optional<Failed> failure = Optional.empty();
        private Optional<Integer> gates = Optional.empty();
        private Optional<Journal> journal = Optional.empty();
        private boolean rests;

        void step(Step step) {
            steps.add(step);
        }

        void wish(InstanceView instance, Wish wish) {
            if (instance.ports()) {
                wishes.put(instance.id(), wish);
            }
        }

        void await(String what) {
            waits.add(what);
        }

        /** Waits on purpose, which is no lack of progress. */
        void rest(String what) {
            await(what);
            rests = true;
        }

        void fail(InstanceView instance, String cause) {
            if (failure.isEmpty()) {
                failure = Optional.of(new Failed(instance.id(), instance.container(), cause));
            }
        }

        void wantGates(int step) {
            gates = Optional.of(step);
        }

        void remember(Journal fact) {
            journal = Optional.of(fact);
        }

        ServiceDecision build(boolean serving, boolean reached) {
            return new ServiceDecision(steps, wishes, waits, serving, reached, failure, gates, journal, rests);
        }
    }
}
