package org.portolan.doctor;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.portolan.model.Failure;
import org.portolan.model.Remedy;

/** Looks at everything that Portolan needs, and says what to do about what is wrong. Changes nothing. */
public final class Doctor {
    private final Examined examined;
    private final Map<String, String> environment;
    private final InstantSource clock;

    /**
     * Looks at nothing yet.
     *
     * @param environment variables of the process, looked at for misspelled settings
     */
    public Doctor(Examined examined, Map<String, String> environment, InstantSource clock) {
        this.examined = examined;
        this.environment = environment;
        this.clock = clock;
    }

    /** Everything that was found, in the order of the checks; nothing but the configuration when that is at fault. */
    public List<Finding> examine() {
        List<Finding> findings = new ArrayList<>();
        HostChecks host = new HostChecks(examined, environment, clock);
        look(findings, "configuration", host::configuration);
        if (findings.stream().anyMatch(Finding::isFault)) {
            return findings;
        }
        look(findings, "variables", host::variables);
        look(findings, "disk", host::disk);
        look(findings, "clock", host::clock);
        ComponentChecks parts = new ComponentChecks(examined, clock);
        look(findings, "engine", parts::engine);
        look(findings, "store", parts::store);
        look(findings, "controller", new ControllerCheck(examined)::find);
        look(findings, "api", new ApiCheck(examined, clock)::find);
        look(findings, "volumes", parts::volumes);
        look(findings, "runs", parts::runs);
        look(findings, "proxies", parts::proxies);
        look(findings, "certificates", parts::certificates);
        NetworkChecks network = new NetworkChecks(examined);
        look(findings, "ports", network::ports);
        look(findings, "network", network::pool);
        look(findings, "joins", new JoinChecks(examined)::find);
        look(findings, "firewall", network::firewall);
        return findings;
    }

    /** One check; whatever it throws is a fault of what it looked at. */
    private static void look(List<Finding> findings, String what, Supplier<List<Finding>> check) {
        try {
            findings.addAll(check.get());
        } catch (Failure failure) {
            findings.add(Finding.fault(what, failure.what(), failure.remedy().orElse(Remedy.of("See the message."))));
        }
    }
}
