package org.portolan.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.portolan.engine.Engine;
import org.portolan.model.event.EventSink;
import org.portolan.proxy.Proxy;
import org.portolan.release.Installation;
import org.portolan.sim.SimSite;
import org.portolan.source.GitSettings;
import org.portolan.source.Sources;
import org.portolan.source.git.GitSources;
import org.portolan.store.Store;

/** A simulated installation behind the commands, which can change it. */
class SiteParts extends SimParts {
    final SimSite site;

    SiteParts(Path folder, SimSite site) {
        super(folder);
        this.site = site;
        home().restoreInstallation("cafe0001");
    }

    @Override
    CliRun run(String... arguments) {
        return with("", "", arguments);
    }

    /** With standard input, and which streams are a terminal. */
    CliRun with(String input, String terminals, String... arguments) {
        return CliRun.with(
                input, Map.of("PORTOLAN_WHO", "alice@desk"), terminals, (environment, warnings) -> this, arguments);
    }

    @Override
    public Installation installation(EventSink events) {
        Installation process = site.process().installation;
        return process.with(process.store(), events);
    }

    @Override
    public Sources sources() {
        return new GitSources(
                GitSettings.of(home().root(), Map.of("HOME", home().root().toString())));
    }

    @Override
    public Engine engine() {
        return site.engine;
    }

    @Override
    public Store store() {
        return site.store.connect("looker");
    }

    @Override
    public Optional<Store> storeIfAny() {
        return Optional.of(store());
    }

    @Override
    public Proxy proxy() {
        return site.proxy;
    }
}
