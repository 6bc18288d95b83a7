package org.portolan.query;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.portolan.model.LocalTimes;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Subject;
import org.portolan.store.Store;
import org.portolan.store.StoreException;

/**
 * What the controller last observed; also of one that no longer runs.
 *
 * @param leader who leads now, for people; empty: no controller runs
 * @param instructions what people decided and what still holds
 */
public record ControllerStatus(Optional<String> leader, List<Standing> standings, List<Instruction> instructions) {

    /** Asks the store; nothing is known where it does not answer. */
    public static ControllerStatus of(Viewed viewed, Consumer<String> warnings) {
        try {
            Optional<Store> store = viewed.storeIfAny();
            return new ControllerStatus(
                    store.flatMap(known -> known.holder(Store.LEADER)),
                    store.map(Store::standings).orElse(List.of()),
                    store.map(Store::instructions).orElse(List.of()));
        } catch (StoreException unreachable) {
            warnings.accept(unreachable.what());
            return new ControllerStatus(Optional.empty(), List.of(), List.of());
        }
    }

    /** The sources that it follows, by name. */
    public List<Standing> sources() {
        return standings.stream()
                .filter(standing -> standing.subject() == Subject.SOURCE)
                .sorted(Comparator.comparing(Standing::name))
                .toList();
    }

    /** How the configuration's file stands with it; empty while it is in force as it is written. */
    public Optional<Standing> configuration() {
        return standings.stream()
                .filter(standing ->
                        standing.subject() == Subject.CONFIGURATION && standing.condition() != Standing.Condition.OK)
                .findFirst();
    }

    /** How the controller's API stands: its certificate, and its domain at the edge; empty while there is nothing to say of it. */
    public Optional<Standing> api() {
        return standings.stream()
                .filter(standing -> standing.subject() == Subject.CONTROLLER
                        && !standing.what().isEmpty())
                .findFirst();
    }

    /**
     * As somebody is shown it who sees these deployments. Sources and the configuration are of the whole installation, which {@code ""}
     * stands for.
     */
    public ControllerStatus seenBy(Predicate<String> sees) {
        return new ControllerStatus(
                leader,
                standings.stream()
                        .filter(each -> sees.test(each.subject() == Subject.DEPLOYMENT ? each.name() : ""))
                        .map(each -> each.seenBy(sees))
                        .toList(),
                instructions.stream()
                        .filter(each -> sees.test(each.subject() == Subject.DEPLOYMENT ? each.name() : ""))
                        .toList());
    }

    /** How a deployment stands; empty when no controller has looked at it. */
    public Optional<Standing> deployment(String name) {
        return standings.stream()
                .filter(standing -> standing.subject() == Subject.DEPLOYMENT
                        && standing.name().equals(name))
                .findFirst();
    }

    /** Whether a person told the controller to leave it alone. */
    public boolean suspended(Subject subject, String name) {
        return instructions.stream()
                .anyMatch(one -> one.kind() == Instruction.Kind.SUSPENDED && one.isOf(subject, name));
    }

    /** What people decided of a source or a deployment and what still holds, oldest first. */
    public List<Instruction> instructions(Subject subject, String name) {
        return instructions.stream()
                .filter(one -> one.isOf(subject, name))
                .sorted(Comparator.comparing(Instruction::at))
                .toList();
    }

    /** All that is to be said of a source or a deployment, a sentence each; none when all is well and as the files say. */
    public List<String> words(Subject subject, String name) {
        List<String> words = new ArrayList<>();
        standings.stream()
                .filter(standing ->
                        standing.subject() == subject && standing.name().equals(name))
                .forEach(standing -> words(standing).ifPresent(words::add));
        instructions(subject, name).forEach(one -> words.add(words(one)));
        return words;
    }

    /** A standing in words; empty when all is well, and where an instruction says it. */
    private static Optional<String> words(Standing standing) {
        return switch (standing.condition()) {
            case OK ->
                standing.what().isEmpty()
                        ? Optional.empty()
                        : Optional.of(standing.what() + ", since " + time(standing.since()));
            case SUSPENDED -> Optional.empty();
            case PENDING_APPROVAL -> Optional.of(since(standing) + "; `approve " + standing.name() + "` agrees to it");
            case FROZEN -> Optional.of(since(standing));
            case FAILING, DRIFT, PINNED ->
                Optional.of(since(standing)
                        + standing.next()
                                .map(next -> "; next attempt " + time(next))
                                .orElse(""));
        };
    }

    private static String since(Standing standing) {
        return standing.condition().word() + " since " + time(standing.since())
                + (standing.what().isEmpty() ? "" : ": " + standing.what());
    }

    private static String words(Instruction one) {
        String by = time(one.at()) + " by " + one.who() + (one.what().isEmpty() ? "" : ": " + one.what());
        return switch (one.kind()) {
            case SUSPENDED -> "suspended since " + by;
            case APPROVED -> "approved " + by + "; not done yet";
            case BY_HAND -> "by hand since " + by;
        };
    }

    private static String time(Instant at) {
        return LocalTimes.toTheSecond(at.atZone(ZoneId.systemDefault()));
    }
}
