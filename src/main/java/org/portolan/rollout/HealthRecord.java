package org.portolan.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an instance's checks have said so far.
 *
 * @param passingSince the first success of the unbroken run that lasts until the last check; null: the last one failed
 * @param lastCheck when the last check was answered; null before the first
 * @param failuresInARow failures since the last success
 * @param everPassed whether any check has passed
 * @param lastAnswer what the last failing check said
 */
public record HealthRecord(
        @Nullable Instant passingSince,
        @Nullable Instant lastCheck,
        int failuresInARow,
        boolean everPassed,
        String lastAnswer) {
    public static final HealthRecord NONE = new HealthRecord(null, null, 0, false, "no check has finished");

    HealthRecord passed(Instant at) {
        return new HealthRecord(passingSince == null ? at : passingSince, at, 0, true, lastAnswer);
    }

    HealthRecord failed(Instant at, String answer) {
        return new HealthRecord(null, at, failuresInARow + 1, everPassed, answer);
    }

    /** Whether checks have passed without a break for that long, the last of them at its end. */
    boolean healthyFor(Duration time) {
        return passingSince != null && lastCheck != null && !lastCheck.isBefore(passingSince.plus(time));
    }

    /** When the next check is due: quickly until the first success, then in time to prove {@code minHealthy}. */
    Instant nextCheck(Instant started, Duration startInterval, Duration interval, Duration minHealthy) {
        if (lastCheck == null) {
            return started;
        }
        if (!everPassed) {
            return lastCheck.plus(startInterval);
        }
        Instant usual = lastCheck.plus(interval);
        Instant proof = Optional.ofNullable(passingSince)
                .map(since -> since.plus(minHealthy))
                .orElse(usual);
        return proof.isAfter(lastCheck) && proof.isBefore(usual) ? proof : usual;
    }
}
