package org.portolan.servicefile.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.service.TcpRange;
import org.portolan.servicefile.yaml.Wording;

/** Which port a route means: a name, a container port's number, {@code port} for the one without a name. */
public final class PortNames {
    private PortNames() {}

    /** What to write instead of a port that a service does not have. */
    public static String suggest(String written, @Nullable Object ports, String none) {
        Map<String, Object> each = TcpRange.spread(ports);
        if (!(ports instanceof Map<?, ?> declared) || each.isEmpty()) {
            return none;
        }
        Optional<TcpRange> meant = TcpRange.of(written, declared.get(written));
        if (meant.isPresent()) {
            return written + " is a range: name one of its ports, for example "
                    + meant.get().name(meant.get().first());
        }
        return Wording.suggest(written, each.keySet(), "known: " + Wording.either(known(declared)));
    }

    /** The names of a service's ports, a range's as its first and last one. */
    private static List<String> known(Map<?, ?> declared) {
        List<String> names = new ArrayList<>();
        declared.forEach((key, port) -> {
            String name = String.valueOf(key);
            names.add(TcpRange.of(name, port)
                    .map(range -> range.name(range.first()) + " to " + range.name(range.last()))
                    .orElse(name));
        });
        return names;
    }

    /**
     * The port's name.
     *
     * @param ports the service's ports one by one: name to number, or {@code assign}
     * @return null when there is no such port; where no port is declared, a number stays one until the image's is known
     */
    public static @Nullable String find(Map<String, Object> ports, String written) {
        if (ports.containsKey(written)) {
            return written;
        }
        boolean number = Shapes.Whole.parse(written).isPresent();
        if (written.equals(ServiceSpec.UNNAMED_PORT)) {
            return ports.isEmpty() || ports.containsKey("") ? "" : null;
        }
        if (ports.isEmpty()) {
            return number ? written : null;
        }
        for (Map.Entry<String, Object> port : ports.entrySet()) {
            if (number && String.valueOf(port.getValue()).equals(written)) {
                return port.getKey();
            }
        }
        return null;
    }
}
