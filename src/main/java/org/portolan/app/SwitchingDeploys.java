package org.portolan.app;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.portolan.cli.Lazy;
import org.portolan.doctor.Finding;
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

/** Deploys of files: by the controller that leads when it is asked, else by this machine's own parts. */
final class SwitchingDeploys implements Deploys {
    private final ControllerLink link;
    private final EventSink events;
    private final Consumer<Finding> found;
    private final Lazy<Deploys> own;

    SwitchingDeploys(ControllerLink link, EventSink events, Consumer<Finding> found, Supplier<Deploys> own) {
        this.link = link;
        this.events = events;
        this.found = found;
        this.own = new Lazy<>(own);
    }

    private <T> T ask(Function<Deploys, T> what) {
        return link.either(far -> what.apply(far.deploys(events, found)), () -> what.apply(own.get()));
    }

    @Override
    public SourcePlan preview(LoadedSource source, Request.Apply.Terms terms) {
        return ask(deploys -> deploys.preview(source, terms));
    }

    @Override
    public ShownPlan drift(String deployment, Mandate mandate) {
        return ask(deploys -> deploys.drift(deployment, mandate));
    }

    @Override
    public Sync.Result deploy(
            LoadedSource source,
            Optional<ExpectedPlans> expected,
            Request.Apply.Terms terms,
            Mandate mandate,
            DeployOptions options,
            Sync.Watcher watcher) {
        return ask(deploys -> deploys.deploy(source, expected, terms, mandate, options, watcher));
    }
}
