package org.portolan.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.portolan.controller.ControllerHandle;
import org.portolan.controller.Door;
import org.portolan.engine.Engine;
import org.portolan.model.Failure;
import org.portolan.model.container.Container;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;
import org.portolan.proxy.Proxy;
import org.portolan.reconcile.WorkQueue;
import org.portolan.release.Installation;
import org.portolan.store.Store;

/**
 * The controller's metrics. It starts and stops with the leadership as a door does, and listens on nothing itself: another door shows them. May be used
 * from many threads.
 */
public final class ControllerMetrics implements Door {
    private static final double MILLIS = 1_000;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final MeasuredPort engine = new MeasuredPort(registry, "engine");
    private final MeasuredPort store = new MeasuredPort(registry, "store");
    private final MeasuredPort proxy = new MeasuredPort(registry, "proxy");
    private final ReleaseMetrics releases = new ReleaseMetrics(registry);
    private final ReconcileMetrics runs = new ReconcileMetrics(registry);
    private final Counter terms;
    private final Counter failures;
    private volatile @Nullable ControllerHandle leading;
    private @Nullable AutoCloseable following;

    /**
     * Counts from now on.
     *
     * @param version of this program
     */
    public ControllerMetrics(String version) {
        Info.builder()
                .name("portolan_build_info")
                .help("The version of Portolan.")
                .labelNames("version")
                .register(registry)
                .addLabelValues(version);
        terms = Counter.builder()
                .name("portolan_leader_terms_total")
                .help("How often this process began to lead.")
                .register(registry);
        failures = Counter.builder()
                .name("portolan_scrape_errors_total")
                .help("How often something could not be looked up for these metrics: it is left out then.")
                .labelNames("part")
                .register(registry);
        GaugeWithCallback.builder()
                .name("portolan_leader")
                .help("1 while this process leads, else 0.")
                .callback(to -> to.call(leading == null ? 0 : 1))
                .register(registry);
        states("portolan_deployments", "Deployments by condition, as last observed.", Subject.DEPLOYMENT);
        states("portolan_sources", "Sources by condition, as last observed.", Subject.SOURCE);
        gauge("portolan_instances", "Containers of this installation's instances, by state.", "state", this::instances);
        gauge(
                "portolan_reconcile_queue_length",
                "Sources and deployments that are to be looked at (waiting), that are tried again later (delayed), and"
                        + " that are being looked at (running).",
                "state",
                this::queue);
        GaugeWithCallback.builder()
                .name("portolan_reconcile_lag_seconds")
                .help("How long the longest of those that are waiting has waited; 0 when none is.")
                .callback(to -> looked(
                        "queue", handle -> to.call(age(handle, handle.load().since()))))
                .register(registry);
        GaugeWithCallback.builder()
                .name("portolan_reconcile_run_age_seconds")
                .help("How long the longest of the runs in progress has lasted; 0 when none is.")
                .callback(to -> looked(
                        "runs", handle -> to.call(age(handle, handle.load().runningSince()))))
                .register(registry);
        GaugeWithCallback.builder()
                .name("portolan_lease_remaining_seconds")
                .help(
                        "How long this process may still act if the store does not answer from now on. It is renewed every 5 s.")
                .callback(to ->
                        looked("lease", handle -> to.call(handle.leaseLeft().toMillis() / MILLIS)))
                .register(registry);
        JvmMetrics.builder().register(registry);
    }

    /** The same parts, timed. */
    public Installation measured(Installation parts) {
        return new Installation(
                parts.settings(),
                engine.measure(Engine.class, parts.engine()),
                store.measure(Store.class, parts.store()),
                proxy.measure(Proxy.class, parts.proxy()),
                parts.prober(),
                parts.tasks(),
                parts.clock(),
                parts.events(),
                parts.secrets());
    }

    private void states(String name, String help, Subject subject) {
        gauge(name, help, "condition", (handle, to) -> {
            Map<Condition, Integer> counts = new EnumMap<>(Condition.class);
            for (Condition condition : Condition.values()) {
                counts.put(condition, 0);
            }
            for (Standing standing : handle.standings()) {
                if (standing.subject() == subject) {
                    counts.merge(standing.condition(), 1, Integer::sum);
                }
            }
            counts.forEach((condition, count) -> to.set(condition.word(), count));
        });
    }

    /** Gets a value by its label. */
    @FunctionalInterface
    private interface Values {
        void set(String label, double value);
    }

    private void gauge(String name, String help, String label, BiConsumer<ControllerHandle, Values> look) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(label)
                .callback(to -> looked(
                        name.substring("portolan_".length()),
                        handle -> look.accept(handle, (value, count) -> to.call(count, value))))
                .register(registry);
    }

    /** What cannot be looked up is left out, rather than all metrics with it. */
    private void looked(String part, Consumer<ControllerHandle> look) {
        ControllerHandle handle = leading;
        if (handle == null) {
            return;
        }
        try {
            look.accept(handle);
        } catch (Failure trouble) {
            failures.labelValues(part).inc();
        }
    }

    private void instances(ControllerHandle handle, Values to) {
        Map<Container.State, Integer> counts = new EnumMap<>(Container.State.class);
        for (Container.State state : Container.State.values()) {
            counts.put(state, 0);
        }
        Installation parts = handle.installation();
        for (Container container : parts.engine().containers()) {
            if (container.isOf(parts.settings().installation())
                    && container.instance().isPresent()) {
                counts.merge(container.state(), 1, Integer::sum);
            }
        }
        counts.forEach((state, count) -> to.set(state.name().toLowerCase(Locale.ROOT), count));
    }

    private void queue(ControllerHandle handle, Values to) {
        WorkQueue.Load load = handle.load();
        to.set("waiting", load.waiting());
        to.set("delayed", load.delayed());
        to.set("running", load.running());
    }

    /** Seconds since a moment; 0 when there is none. */
    private static double age(ControllerHandle handle, Optional<Instant> since) {
        Instant now = handle.installation().clock().instant();
        return since.map(due -> Math.max(0, Duration.between(due, now).toMillis()) / MILLIS)
                .orElse(0.0);
    }

    /** What a scrape gets. */
    @SuppressWarnings("ArrayRecordComponent") // Written as it is, and compared by nobody.
    public record Text(String type, byte[] bytes) {}

    /**
     * The metrics now.
     *
     * @param accept the formats that the caller takes, as HTTP's header names them; "" for any
     */
    public Text text(String accept) {
        ExpositionFormatWriter writer = ExpositionFormats.init().findWriter(accept);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writer.write(out, registry.scrape());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new Text(writer.getContentType(), out.toByteArray());
    }

    @Override
    public synchronized void start(ControllerHandle controller) {
        if (following == null) {
            following = controller.installation().store().follow(releases::accept);
        }
        controller.observe(runs);
        leading = controller;
        terms.inc();
    }

    @Override
    public synchronized void stop(Duration deadline) {
        leading = null;
        AutoCloseable open = following;
        following = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (Exception closed) {
            // It ends with the process.
        }
    }

    @Override
    public List<String> describe() {
        return List.of();
    }
}
