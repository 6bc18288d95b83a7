package org.portolan.cli;

import java.util.Optional;
import java.util.function.Consumer;
import org.portolan.doctor.Finding;
import org.portolan.doctor.FirstDeploy;
import org.portolan.model.event.EventSink;
import org.portolan.operate.Mandate;
import org.portolan.operate.Request;
import org.portolan.plan.json.ShownPlan;
import org.portolan.release.DeployOptions;
import org.portolan.sync.Deploys;
import org.portolan.sync.ExpectedPlans;
import org.portolan.sync.LoadedSource;
import org.portolan.sync.SourcePlan;
import org.portolan.sync.Sync;

/** Plans and deploys with this machine's own parts, and looks beside a first deploy whether containers reach the mesh. */
final class LocalDeploys implements Deploys {
    private final Components parts;
    private final EventSink events;
    private final Consumer<Finding> found;

    LocalDeploys(Components parts, EventSink events, Consumer<Finding> found) {
        this.parts = parts;
        this.events = events;
        this.found = found;
    }

    @Override
    public SourcePlan preview(LoadedSource source, Request.Apply.Terms terms) {
        return new Sync(parts.installation(events)).preview(source, terms);
    }

    @Override
    public ShownPlan drift(String deployment, Mandate mandate) {
        return new Sync(parts.installation(events)).drift(deployment, mandate);
    }

    @Override
    public Sync.Result deploy(
            LoadedSource source,
            Optional<ExpectedPlans> expected,
            Request.Apply.Terms terms,
            Mandate mandate,
            DeployOptions options,
            Sync.Watcher watcher) {
        try (FirstDeploy first = new FirstDeploy(parts, events, found)) {
            return new Sync(parts.changing(first)).deploy(source, expected, terms, mandate, options, watcher);
        }
    }
}
