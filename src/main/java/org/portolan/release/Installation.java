package org.portolan.release;

import java.time.InstantSource;
import java.util.function.Supplier;
import org.portolan.engine.Engine;
import org.portolan.model.service.Secrets;
import org.portolan.probe.Prober;
import org.portolan.proxy.Proxy;
import org.portolan.store.Store;

/**
 * One installation's parts, wired together.
 *
 * @param tasks makes the means to run things side by side, one for each use
 * @param reporter gets what happens, without the secrets that are known
 * @param secrets those that came up, for whatever is shown or kept
 */
public record Installation(
        Settings settings,
        Engine engine,
        Store store,
        Proxy proxy,
        Prober prober,
        Supplier<Tasks> tasks,
        InstantSource clock,
        Reporter reporter,
        Secrets secrets) {

    public Installation(
            Settings settings,
            Engine engine,
            Store store,
            Proxy proxy,
            Prober prober,
            Supplier<Tasks> tasks,
            InstantSource clock,
            Reporter reporter) {
        this(settings, engine, store, proxy, prober, tasks, clock, reporter, new Secrets());
    }

    public Installation {
        Reporter open = reporter;
        reporter = report -> open.report(report.saying(secrets.mask(report.message())));
    }

    /** Tells whoever watches what happens. */
    public void report(Reporter.Level level, String kind, String deployment, String message) {
        reporter.report(new Reporter.Report(clock.instant(), level, kind, deployment, "", "", message));
    }
}
