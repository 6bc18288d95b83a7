package org.portolan.controller;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.portolan.model.Failure;
import org.portolan.model.Frozen;
import org.portolan.model.NeedsConsent;
import org.portolan.model.state.Instruction;
import org.portolan.operate.Agreement;
import org.portolan.operate.Mandate;
import org.portolan.reconcile.WorkKey;
import org.portolan.release.Installation;

/** Does what needs consent once somebody approved of just that. */
final class Approvals {
    private static final int DIGEST_BYTES = 6;

    private final Installation installation;
    private final KeptStandings standings;
    private final Mandate mandate;

    /**
     * Has asked for nothing yet.
     *
     * @param mandate of the controller, without any agreement
     */
    Approvals(Installation installation, KeptStandings standings, Mandate mandate) {
        this.installation = installation;
        this.standings = standings;
        this.mandate = mandate;
    }

    /** What is needed, in a few letters that a person can give back; another need has others. */
    static String digest(List<String> needed) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String line : needed) {
                digest.update(line.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256 is part of every JDK", impossible);
        }
    }

    /**
     * Asks for something, with the agreement that somebody gave to what it needs. An agreement is used up when it was done or
     * failed, and when something else or nothing is needed.
     *
     * @return empty: it waits for somebody, as its condition shows
     */
    <T> Optional<T> ask(WorkKey key, Function<Mandate, T> request) {
        Optional<Instruction> given = Steering.of(installation.store(), Instruction.Kind.APPROVED, key);
        try {
            T done = request.apply(mandate);
            given.ifPresent(this::used);
            return Optional.of(done);
        } catch (NeedsConsent needs) {
            String asked = digest(needs.needed());
            if (given.filter(approval -> approval.asks().equals(asked)).isEmpty()) {
                given.ifPresent(this::used);
                standings.pending(key, needs.needed(), asked);
                return Optional.empty();
            }
            return agreed(key, given.get(), needs, request);
        }
    }

    private <T> Optional<T> agreed(WorkKey key, Instruction given, NeedsConsent needs, Function<Mandate, T> request) {
        Mandate approved =
                new Mandate(mandate.caller(), "approved by " + given.who(), Agreement.NONE.and(needs.needed()));
        try {
            T done = request.apply(approved);
            used(given);
            return Optional.of(done);
        } catch (NeedsConsent more) {
            used(given);
            standings.pending(key, more.needed(), digest(more.needed()));
            return Optional.empty();
        } catch (Failure failure) {
            // What waits for the end of a freeze window is still to be done.
            if (!failure.kind().leavesUnfinished() && !(failure instanceof Frozen)) {
                used(given);
            }
            throw failure;
        }
    }

    private void used(Instruction given) {
        standings.ended(given);
    }
}
