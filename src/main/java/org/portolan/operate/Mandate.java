package org.portolan.operate;

import java.util.function.Function;
import java.util.function.Predicate;
import org.portolan.model.NeedsConsent;

/**
 * On whose behalf something is asked for.
 *
 * @param caller who asks
 * @param reason why, in one line for history; "" when none was given
 * @param agreed what needs consent and has it
 */
public record Mandate(Caller caller, String reason, Agreement agreed) {
    public Mandate {
        reason = reason.strip().replaceAll("\\s+", " ");
    }

    /** Of one who gave no reason, and agreed to nothing yet. */
    public static Mandate of(Caller caller) {
        return new Mandate(caller, "", Agreement.NONE);
    }

    /** The same, with this agreed to. */
    public Mandate agreeing(Agreement to) {
        return new Mandate(caller, reason, to);
    }

    /** What happened, with the reason for it if there is one. */
    public String because(String what) {
        return reason.isEmpty() ? what : what.isEmpty() ? reason : what + ": " + reason;
    }

    /**
     * Asks for something with this mandate; where it needs consent that somebody gives, asks again with what was agreed to.
     * Nothing is locked while somebody is asked.
     *
     * @throws NeedsConsent when nobody agrees
     */
    public <T> T agreedBy(Predicate<NeedsConsent> agrees, Function<Mandate, T> request) {
        Mandate asked = this;
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
}
