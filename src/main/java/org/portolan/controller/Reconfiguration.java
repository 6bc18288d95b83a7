package org.portolan.controller;

import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.portolan.model.Failure;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;
import org.portolan.reconcile.Cause;
import org.portolan.reconcile.Cause.Reason;
import org.portolan.reconcile.WorkKey;

/** Has a controller that leads work with another configuration: follows what it names, and removes nothing of what it no longer names. */
final class Reconfiguration {
    private final SourceMemory sources;
    private final SourcePolls polls;
    private final KeptStandings standings;
    private final BiConsumer<WorkKey, Cause> mark;

    Reconfiguration(SourceMemory sources, SourcePolls polls, KeptStandings standings, BiConsumer<WorkKey, Cause> mark) {
        this.sources = sources;
        this.polls = polls;
        this.standings = standings;
        this.mark = mark;
    }

    /**
     * Takes it over, and says how it stands.
     *
     * @param now what is followed by it
     * @throws Failure when that cannot be read; nothing was taken over then
     */
    void take(ConfigurationState state, Supplier<List<Followed>> now, Instant at) {
        List<Followed> followed = state.changed() ? now.get() : List.of();
        String words = state.words();
        WorkKey key = new WorkKey(Subject.CONFIGURATION, state.file());
        standings.retain(Subject.CONFIGURATION, state.file()::equals);
        Condition condition =
                state.fault().isEmpty() ? state.later().isEmpty() ? Condition.OK : Condition.DRIFT : Condition.FAILING;
        if (condition != Condition.OK || standings.of(key).condition() != condition) {
            standings.condition(key, condition, words);
        }
        if (!state.changed()) {
            return;
        }
        Cause because = Cause.of(Reason.CONFIGURATION);
        for (String gone : sources.replace(followed)) {
            polls.forget(gone);
            sources.forget(gone).ifPresent(said -> said.deployments()
                    .forEach(desired -> mark.accept(WorkKey.deployment(desired.name()), because)));
        }
        standings.retain(Subject.SOURCE, sources::mayFollow);
        for (Followed source : followed) {
            polls.after(source, at);
            mark.accept(WorkKey.source(source.name()), because);
        }
        standings.all().stream()
                .filter(each -> each.condition() == Condition.FROZEN
                        || (each.condition() == Condition.OK && !each.what().isEmpty()))
                .forEach(each -> mark.accept(new WorkKey(each.subject(), each.name()), because));
    }
}
