package org.portolan.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.state.DeploymentState;
import org.portolan.page.DeploymentLook.Seen;
import org.portolan.query.CanaryStatus;
import org.portolan.release.StoredDesired;
import org.portolan.store.Store;

/**
 * What a page showed of a deployment, in a few letters that its forms send back: who decides about what they see shall change nothing that is
 * otherwise by now.
 */
final class PageSeen {
    /** The form's field. */
    static final String FIELD = "seen";

    private PageSeen() {}

    /** A part of what a page shows of a deployment. */
    @FunctionalInterface
    interface Part {
        String of(Api api, DeploymentState state);
    }

    static Seen of(Api api, DeploymentState state) {
        return new Seen(state(state), canaries(api, state));
    }

    /** {@link #state(DeploymentState)} as a part. */
    static String state(Api api, DeploymentState state) {
        return state(state);
    }

    /** Its releases, what each service is and how often, what is stopped, what is held. */
    static String state(DeploymentState state) {
        Map<String, String> services = new TreeMap<>();
        state.services().forEach((name, placed) -> services.put(name, placed.version() + "x" + placed.scale()));
        return digest(List.of(
                state.lastRelease(),
                state.goodRelease(),
                state.running().map(running -> running.release() + (running.back() ? " back" : "")),
                services,
                state.stopped(),
                state.pinned()));
    }

    /** The release in progress, and the step of each of its canaries. */
    static String canaries(Api api, DeploymentState state) {
        Store store = api.controller().installation().store();
        List<String> steps = new ArrayList<>();
        state.running().ifPresent(running -> CanaryStatus.of(store, state.name(), running)
                .forEach(canary -> steps.add(
                        canary.service() + " " + canary.version() + " " + canary.step() + " " + canary.promoted())));
        return digest(List.of(state.running().map(DeploymentState.Running::release), steps));
    }

    private static String digest(List<?> parts) {
        String quoted = EntityTag.of(parts.toString().getBytes(StandardCharsets.UTF_8));
        return quoted.substring(1, quoted.length() - 1);
    }

    /**
     * Refuses a form that was made of another state than the one that there is now.
     *
     * @param seen what of a state the form sends back
     */
    static Runnable check(Api api, String deployment, Map<String, String> form, Part seen) {
        return () -> {
            DeploymentState now = new StoredDesired(api.installation()).state(deployment);
            if (!seen.of(api, now).equals(form.getOrDefault(FIELD, ""))) {
                throw new Failure(Kind.STALE, deployment + " has changed since this page was made")
                        .withHint("nothing was done; look at it as it is now, and decide again");
            }
        };
    }
}
