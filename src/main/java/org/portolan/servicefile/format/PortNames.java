package org.portolan.servicefile.format;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.portolan.model.service.ServiceSpec;

/** Which port a route means: a name, a container port's number, {@code port} for the one without a name. */
public final class PortNames {
    private PortNames() {}

    /**
     * The port's name.
     *
     * @param ports the service's ports in normal form: name to number, or {@code assign}
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
