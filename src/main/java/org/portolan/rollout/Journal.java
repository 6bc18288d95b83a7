package org.portolan.rollout;

import java.time.Instant;
import java.util.Optional;

/**
 * What a rollout must remember beyond what can be observed: where a canary or a {@link Watch} stands. Kept
 * in the store with the release.
 *
 * @param step the canary step reached, from 0; of other strategies how far {@link Watch} is
 * @param since when that step's weight was acknowledged, or its watch began; empty: not yet
 * @param promoted the step up to which a person let it go on; -1: none
 */
public record Journal(int step, Optional<Instant> since, int promoted) {
    public static final Journal START = new Journal(0, Optional.empty(), -1);

    /** The text that the store keeps. */
    public String text() {
        return step + " " + since.map(Instant::toEpochMilli).orElse(-1L) + " " + promoted;
    }

    /** Reads {@link #text()}; anything else is the start. */
    public static Journal parse(String text) {
        String[] parts = text.split(" ", -1);
        if (parts.length != 3) {
            return START;
        }
        try {
            long millis = Long.parseLong(parts[1]);
            return new Journal(
                    Integer.parseInt(parts[0]),
                    millis < 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis)),
                    Integer.parseInt(parts[2]));
        } catch (NumberFormatException notOurs) {
            return START;
        }
    }
}
