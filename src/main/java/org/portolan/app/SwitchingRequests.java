package org.portolan.app;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.portolan.cli.Lazy;
import org.portolan.model.event.EventSink;
import org.portolan.operate.ArchiveFile;
import org.portolan.operate.Mandate;
import org.portolan.operate.Request;
import org.portolan.operate.Requests;
import org.portolan.operate.VolumeCopies;
import org.portolan.release.DeployOptions;
import org.portolan.release.Outcome;

/** What changing commands ask for: of the controller that leads when it is asked for, else of this machine's own parts. */
final class SwitchingRequests implements Requests {
    private final ControllerLink link;
    private final EventSink events;
    private final Lazy<Requests> own;

    SwitchingRequests(ControllerLink link, EventSink events, Supplier<Requests> own) {
        this.link = link;
        this.events = events;
        this.own = new Lazy<>(own);
    }

    private <T> T ask(Function<Requests, T> what) {
        return link.either(far -> what.apply(far.requests(events)), () -> what.apply(own.get()));
    }

    @Override
    public Outcome perform(Request request, DeployOptions options) {
        return ask(requests -> requests.perform(request, options));
    }

    @Override
    public PlannedRollback planRollback(Request.Rollback request) {
        return ask(requests -> requests.planRollback(request));
    }

    @Override
    public void removeVolumes(List<String> volumes, Mandate mandate, DeployOptions options) {
        ask(requests -> {
            requests.removeVolumes(volumes, mandate, options);
            return true;
        });
    }

    @Override
    public VolumeCopies.Saved backup(String volume, ArchiveFile file, Mandate mandate, DeployOptions options) {
        return ask(requests -> requests.backup(volume, file, mandate, options));
    }
}
