package org.portolan.page;

import java.util.List;
import java.util.Optional;
import org.portolan.model.state.Standing;
import org.portolan.query.DeploymentStatus;
import org.portolan.query.ReleaseSummary;

/**
 * How something is, as a shape with a word.
 *
 * @param kind {@code ok}, {@code idle}, {@code busy}, {@code warn} or {@code bad}
 * @param word for people
 */
public record StateMark(String kind, String word) {
    private static final StateMark OK = new StateMark("ok", "ok");
    private static final List<String> WORST_FIRST = List.of("bad", "warn", "busy", "idle", "ok");

    /** Where it comes among others: what has to be looked at first. */
    int weight() {
        return WORST_FIRST.indexOf(kind);
    }

    /** Whether all is well. */
    boolean good() {
        return equals(OK);
    }

    static StateMark of(Standing standing) {
        return switch (standing.condition()) {
            case OK -> OK;
            case FAILING -> new StateMark("bad", "failing");
            default -> new StateMark("warn", standing.condition().word());
        };
    }

    /** A release's outcome. */
    static StateMark of(ReleaseSummary release) {
        String outcome = release.outcome();
        return new StateMark(
                switch (outcome) {
                    case "done" -> "ok";
                    case "running" -> "busy";
                    case "failed" -> "bad";
                    default -> "warn";
                },
                outcome);
    }

    /** A deployment: the worst that is known of it. */
    static StateMark of(DeploymentStatus status, Optional<Standing> standing, boolean lacking) {
        boolean running = status.last()
                .filter(release -> release.outcome().equals("running"))
                .isPresent();
        if (running) {
            return new StateMark("busy", "releasing");
        }
        Optional<StateMark> stands = standing.map(StateMark::of).filter(mark -> !mark.equals(OK));
        if (stands.isPresent()) {
            return stands.get();
        }
        if (lacking) {
            return new StateMark("bad", "instances missing");
        }
        String last = status.last().map(ReleaseSummary::outcome).orElse("");
        return switch (last) {
            case "" -> new StateMark("idle", "empty");
            case "failed", "interrupted" -> new StateMark("warn", "release " + last);
            default -> OK;
        };
    }
}
