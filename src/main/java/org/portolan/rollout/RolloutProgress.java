package org.portolan.rollout;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.portolan.model.Durations;
import org.portolan.model.service.ServiceSpec.CanaryStep;

/**
 * What a rollout must remember beyond what can be observed: where a canary or a {@link BakeTimer} stands. Kept
 * in the store with the release.
 *
 * @param step the canary step reached, from 0; of other strategies how far {@link BakeTimer} is
 * @param since when that step's weight was acknowledged, or its watch began; empty: not yet
 * @param promoted the step up to which a person let it continue; -1: none
 */
public record RolloutProgress(int step, Optional<Instant> since, int promoted) {
    public static final RolloutProgress START = new RolloutProgress(0, Optional.empty(), -1);

    /**
     * Where the canary stands, for people: its step, that step's share of the traffic, and how it continues. Empty before a
     * step carries its share, and when the steps are over.
     *
     * @param deployment named in the command that lets a step continue
     */
    public Optional<String> describe(String deployment, List<CanaryStep> steps) {
        if (since.isEmpty() || step >= steps.size() || steps.get(step).weight() >= 100) {
            return Optional.empty();
        }
        CanaryStep now = steps.get(step);
        String next = now.bake()
                .map(bake -> "observed for " + Durations.format(bake))
                .orElse("waiting for `portolan -D " + deployment + " promote`");
        return Optional.of("canary step " + (step + 1) + " of " + steps.size() + ": " + now.weight()
                + " % of the traffic, " + (promoted >= step ? "promoted" : next));
    }

    /** The text that the store keeps. */
    public String text() {
        return step + " " + since.map(Instant::toEpochMilli).orElse(-1L) + " " + promoted;
    }

    /** Reads {@link #text()}; anything else is the start. */
    public static RolloutProgress parse(String text) {
        String[] parts = text.split(" ", -1);
        if (parts.length != 3) {
            return START;
        }
        try {
            long millis = Long.parseLong(parts[1]);
            return new RolloutProgress(
                    Integer.parseInt(parts[0]),
                    millis < 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis)),
                    Integer.parseInt(parts[2]));
        } catch (NumberFormatException notOurs) {
            return START;
        }
    }
}
