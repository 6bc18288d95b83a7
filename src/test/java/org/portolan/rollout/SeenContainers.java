package org.portolan.rollout;

import java.util.Map;
import java.util.Optional;
import org.portolan.model.container.Container;
import org.portolan.model.container.Container.State;
import org.portolan.model.container.Container.Verdict;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.labels.Labels;

/** SeenContainers of {@code web} of {@code shop}, for tests; those that ended did so with status 3. */
public final class SeenContainers {
    public static final String INSTALLATION = "cafe0001";

    private SeenContainers() {}

    public static Container of(int version, int n, State state) {
        return of(version, n, state, Verdict.NONE, "c-" + version + "-" + n, INSTALLATION);
    }

    /** One that runs, with the engine's own word for its health. */
    public static Container with(int version, int n, Verdict verdict) {
        return of(version, n, State.RUNNING, verdict, "c-" + version + "-" + n, INSTALLATION);
    }

    public static Container of(
            int version, int n, State state, Verdict verdict, String container, String installation) {
        InstanceId id = Views.id(version, n);
        return new Container(
                container,
                id.toString(),
                Map.of(
                        Labels.INSTALLATION,
                        installation,
                        Labels.DEPLOYMENT,
                        id.deployment(),
                        Labels.SERVICE,
                        id.service(),
                        Labels.VERSION,
                        Integer.toString(version),
                        Labels.INSTANCE,
                        Integer.toString(n),
                        Labels.PORTS,
                        "http=" + (20000 + 100 * version + n) + "/80"),
                state,
                state == State.RUNNING ? 0 : 3,
                Optional.empty(),
                0,
                false,
                "sha256:1",
                Map.of(),
                verdict);
    }
}
