package org.portolan.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Locale;
import java.util.Set;
import org.portolan.model.Failure;

/** Times the calls of a port, by the names of its methods: there are as many series as methods. */
final class MeasuredPort {
    private static final double NANOS = 1e9;

    /** What lasts as long as its caller wants. */
    private static final Set<String> LASTING =
            Set.of("attach", "run", "exec", "logs", "pull", "readVolume", "writeVolume", "stop", "close");

    private final Histogram durations;
    private final Counter errors;

    /**
     * One for a port.
     *
     * @param port its name, for the metrics' names
     */
    MeasuredPort(PrometheusRegistry registry, String port) {
        durations = Histogram.builder()
                .name("portolan_" + port + "_call_duration_seconds")
                .help("How long calls of the " + port + " take, but for those that last as long as what they wait for.")
                .labelNames("call")
                .classicOnly()
                .classicUpperBounds(0.001, 0.0025, 0.01, 0.025, 0.1, 0.25, 1, 2.5, 10, 30)
                .register(registry);
        errors = Counter.builder()
                .name("portolan_" + port + "_call_errors_total")
                .help("Calls of the " + port + " that failed, by the kind of failure.")
                .labelNames("call", "kind")
                .register(registry);
    }

    /** The same port, timed. */
    <T> T measure(Class<T> port, T inner) {
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(),
                new Class<?>[] {port},
                (proxy, method, arguments) -> method.getDeclaringClass() == Object.class
                        ? invoke(inner, method, arguments)
                        : timed(inner, method, arguments)));
    }

    private Object timed(Object inner, Method method, Object[] arguments) throws Throwable {
        String call = method.getName();
        long begun = System.nanoTime();
        try {
            return invoke(inner, method, arguments);
        } catch (Throwable thrown) {
            String kind = thrown instanceof Failure failure ? failure.kind().name() : Failure.Kind.INTERNAL.name();
            errors.labelValues(call, kind.toLowerCase(Locale.ROOT)).inc();
            throw thrown;
        } finally {
            if (!LASTING.contains(call)) {
                durations.labelValues(call).observe((System.nanoTime() - begun) / NANOS);
            }
        }
    }

    private static Object invoke(Object inner, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(inner, arguments);
        } catch (InvocationTargetException thrown) {
            Throwable cause = thrown.getCause();
            throw cause == null ? thrown : cause;
        }
    }
}
