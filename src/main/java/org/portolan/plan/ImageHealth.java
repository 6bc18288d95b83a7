package org.portolan.plan;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.model.container.Image;
import org.portolan.model.container.Image.Healthcheck;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;

/**
 * The check that an image brings along ({@code HEALTHCHECK}), or that {@code docker: {Healthcheck: …}} gives the container:
 * where the file says nothing of health, the engine's verdict of it is the service's. It is not part of the definition.
 */
public final class ImageHealth {
    private ImageHealth() {}

    /** The service's view with the image's check, unless the file says how it is checked, or {@code health: none}. */
    public static ServiceSpec with(ServiceSpec spec, Definition definition, Optional<Image> image) {
        if (spec.health().isPresent() || ServiceSpec.NO_HEALTH.equals(definition.get("health"))) {
            return spec;
        }
        return merged(spec.options().docker().get("Healthcheck"), image.flatMap(Image::healthcheck))
                .map(check ->
                        spec.withEngineHealth(check.interval(), check.timeout(), check.retries(), check.startPeriod()))
                .orElse(spec);
    }

    /** As the engine does it: what the container is given wins, value by value. */
    private static Optional<Healthcheck> merged(@Nullable Object given, Optional<Healthcheck> own) {
        if (!(given instanceof Map<?, ?> map)) {
            return own;
        }
        List<?> test = map.get("Test") instanceof List<?> words ? words : List.of();
        boolean tests = !test.isEmpty();
        if (tests && "NONE".equals(test.getFirst())) {
            return Optional.empty();
        }
        if (!tests && own.isEmpty()) {
            return Optional.empty();
        }
        Healthcheck base = own.orElse(Healthcheck.DEFAULT);
        return Optional.of(new Healthcheck(
                nanos(map.get("Interval"), base.interval()),
                nanos(map.get("Timeout"), base.timeout()),
                map.get("Retries") instanceof Long retries && retries > 0 ? retries.intValue() : base.retries(),
                nanos(map.get("StartPeriod"), base.startPeriod())));
    }

    private static Duration nanos(@Nullable Object given, Duration standard) {
        return given instanceof Long nanos && nanos > 0 ? Duration.ofNanos(nanos) : standard;
    }
}
