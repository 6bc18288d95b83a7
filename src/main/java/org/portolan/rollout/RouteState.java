package org.portolan.rollout;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.ServerView;

/**
 * An instance's place in the proxy: what was asked of the proxy, and what the proxy said to it. An immutable value, folded
 * over observations.
 *
 * @param serverTarget what was last asked for; empty: it is not in the proxy
 * @param since when that was first asked for
 * @param acknowledged whether the proxy says of every port what was asked for
 * @param sessions open sessions over all workers
 * @param unreached what the proxy says of the ports that are to get traffic and cannot
 * @param unservedSince since when the proxy does not send it the traffic that it is to get; empty: it does, or none is to be sent
 * @param served whether the proxy has ever said UP of it
 */
public record RouteState(
        Optional<ServerTarget> serverTarget,
        Optional<Instant> since,
        boolean acknowledged,
        long sessions,
        List<ServerView> unreached,
        Optional<Instant> unservedSince,
        boolean served) {
    static final RouteState NONE =
            new RouteState(Optional.empty(), Optional.empty(), false, 0, List.of(), Optional.empty(), false);

    /**
     * What the proxy's word is worth for an instance.
     *
     * @param checkedOnly whether an UP counts only after a check: the proxy calls a new server UP until its check has failed
     *     several times, and what a release that never ended left behind may never have served
     * @param silent whether it is let pass without listening, see {@link Listening}
     */
    record Trust(boolean checkedOnly, boolean silent) {}

    /** The same after the proxy was asked for something, perhaps the same again. */
    RouteState asked(Optional<ServerTarget> next, Instant now) {
        if (next.isEmpty()) {
            return new RouteState(next, Optional.empty(), false, 0, List.of(), Optional.empty(), served);
        }
        boolean same = serverTarget.isPresent()
                && serverTarget.get().state() == next.get().state();
        return same
                ? new RouteState(next, since, acknowledged, sessions, unreached, unservedSince, served)
                : new RouteState(next, Optional.of(now), false, sessions, unreached, Optional.empty(), served);
    }

    /** The same of an instance that was started again: it has not served yet. */
    RouteState started() {
        return new RouteState(serverTarget, since, acknowledged, sessions, unreached, unservedSince, false);
    }

    /** The same after the proxy was looked at. */
    RouteState observed(List<ServerView> views, Trust trust, Instant now) {
        boolean serves = isToServe();
        List<ServerView> left = serves
                ? views.stream()
                        .filter(view -> !up(view) || untried(view, trust))
                        .toList()
                : List.of();
        boolean heard = serverTarget
                .map(asked -> switch (asked.state()) {
                    case READY -> !views.isEmpty() && (left.isEmpty() || trust.silent());
                    case DRAIN -> views.stream().noneMatch(view -> view.status() == ServerView.Status.UP);
                    case MAINT -> views.stream().allMatch(view -> view.status() == ServerView.Status.MAINT);
                })
                .orElse(views.isEmpty());
        Optional<Instant> waiting =
                serves && !heard ? Optional.of(unservedSince.orElse(now)) : Optional.<Instant>empty();
        long open = views.stream().mapToLong(ServerView::sessions).sum();
        return new RouteState(serverTarget, since, heard, open, left, waiting, served || (heard && serves));
    }

    /** Whether the proxy was asked to send it traffic. */
    public boolean isToServe() {
        return serverTarget
                .filter(asked -> asked.state() == RouteSet.State.READY)
                .isPresent();
    }

    /** Whether it was let pass although the proxy cannot reach it. */
    boolean isSilent() {
        return isToServe() && acknowledged && !unreached.isEmpty();
    }

    /** A server of weight 0 is as good as up: the proxy calls it drained. */
    private boolean up(ServerView view) {
        return view.status() == ServerView.Status.UP
                || (view.status() == ServerView.Status.DRAIN
                        && serverTarget.filter(asked -> asked.weight() == 0).isPresent());
    }

    /** One that was serving counts as up until it was checked; after a reload the proxy has not checked anything. */
    private boolean untried(ServerView view, Trust trust) {
        return !view.passed() && !served && (view.checked() || trust.checkedOnly());
    }
}
