package org.portolan.servicefile.decode;

import java.util.Map;
import java.util.Optional;
import org.portolan.model.service.Desired.DesiredService;
import org.portolan.servicefile.format.Reading;
import org.portolan.servicefile.yaml.YamlNode;

/** Services in another network than their deployment's: no port of them is published, assigned, checked or routed to. */
final class OtherNetwork {
    private OtherNetwork() {}

    /** The mode of the network that a service has instead of its deployment's. */
    static Optional<String> mode(DesiredService service) {
        return service.definition().get("network") instanceof Map<?, ?> network
                        && network.get("mode") instanceof String mode
                        && !mode.equals("bridge")
                ? Optional.of(mode)
                : Optional.empty();
    }

    /** Says that ports lead nowhere: a domain with such a service would answer 503, and its health check would ask nobody. */
    static void warn(DesiredService service, YamlNode.Mapping body, Reading in) {
        YamlNode ports = body.get("ports");
        Optional<String> mode = mode(service);
        if (ports != null
                && mode.isPresent()
                && service.definition().get("ports") instanceof Map<?, ?> declared
                && !declared.isEmpty()) {
            in.problems()
                    .warning(
                            ports.at(),
                            "nothing leads to the ports of " + service.name() + " with network: {mode: " + mode.get()
                                    + "}: they are published, checked and routed to in the deployment's network only",
                            "remove the mode, or the ports, and the domains and health check that need them");
        }
    }
}
