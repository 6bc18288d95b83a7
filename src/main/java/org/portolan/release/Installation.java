package org.portolan.release;

import java.time.InstantSource;
import java.util.function.Supplier;
import org.portolan.engine.Engine;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventData;
import org.portolan.model.event.EventSink;
import org.portolan.model.service.Secrets;
import org.portolan.probe.Prober;
import org.portolan.proxy.Proxy;
import org.portolan.store.Store;

/**
 * One installation's parts, wired together.
 *
 * @param tasks makes the means to run things side by side, one for each use
 * @param events gets what happens, without the secrets that are known
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
        EventSink events,
        Secrets secrets) {

    public Installation(
            Settings settings,
            Engine engine,
            Store store,
            Proxy proxy,
            Prober prober,
            Supplier<Tasks> tasks,
            InstantSource clock,
            EventSink events) {
        this(settings, engine, store, proxy, prober, tasks, clock, events, new Secrets());
    }

    public Installation {
        EventSink open = events;
        events = event -> open.accept(event.masked(secrets::mask));
    }

    /** The same parts with another way to the store, and others who get what happens. */
    public Installation with(Store other, EventSink sink) {
        return new Installation(settings, engine, other, proxy, prober, tasks, clock, sink, secrets);
    }

    /** The same parts with another way to the engine. */
    public Installation with(Engine other) {
        return new Installation(settings, other, store, proxy, prober, tasks, clock, events, secrets);
    }

    /** The same parts with other ways to the engine and to the proxies. */
    public Installation with(Engine other, Proxy otherProxy) {
        return new Installation(settings, other, store, otherProxy, prober, tasks, clock, events, secrets);
    }

    /**
     * The same parts for one of many runs of a process. It knows no secret yet: those of all deployments and of all days would be
     * masked in whatever is said of others.
     */
    public Installation forRun() {
        return new Installation(settings, engine, store, proxy, prober, tasks, clock, events, new Secrets());
    }

    /** Tells whoever watches what happens beside a release. */
    public void publish(String deployment, EventData data) {
        publish(event(deployment, 0, data));
    }

    /** Tells whoever watches what happens. */
    public void publish(Event event) {
        events.accept(event);
    }

    /** What happens now, for whoever watches and for the store, without the secrets that are known. */
    public Event event(String deployment, int release, EventData data) {
        return new Event(clock.instant(), deployment, release, data).masked(secrets::mask);
    }
}
