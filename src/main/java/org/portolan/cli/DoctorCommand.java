package org.portolan.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;

/** Looks at everything that Portolan needs, and says what to do about what is wrong. Changes nothing. */
final class DoctorCommand extends CliCommand {
    DoctorCommand() {
        super("doctor", "Check engine, store, proxies, ports, disk, clock and network, and say what to do.");
    }

    @Override
    int run(Context context) {
        List<Finding> findings = new ArrayList<>();
        HostChecks host = new HostChecks(context);
        look(findings, "configuration", host::configuration);
        if (findings.stream().anyMatch(finding -> finding.level() == Finding.Level.FAULT)) {
            return show(context.console(), findings);
        }
        look(findings, "variables", host::variables);
        look(findings, "disk", host::disk);
        look(findings, "clock", host::clock);
        ComponentChecks parts = new ComponentChecks(context);
        look(findings, "engine", parts::engine);
        look(findings, "store", parts::store);
        look(findings, "volumes", parts::volumes);
        look(findings, "proxies", parts::proxies);
        look(findings, "certificates", parts::certificates);
        NetworkChecks network = new NetworkChecks(context);
        look(findings, "ports", network::ports);
        look(findings, "network", network::pool);
        look(findings, "firewall", network::firewall);
        return show(context.console(), findings);
    }

    /** One check; whatever it throws is a fault of what it looked at. */
    private static void look(List<Finding> findings, String what, Supplier<List<Finding>> check) {
        try {
            findings.addAll(check.get());
        } catch (Failure failure) {
            findings.add(Finding.fault(what, failure.what(), failure.hint().orElse("See the message.")));
        }
    }

    private static int show(Console console, List<Finding> findings) {
        boolean fault = false;
        for (Finding finding : findings) {
            String mark =
                    switch (finding.level()) {
                        case OK -> console.paint("\033[32m", "ok     ");
                        case WARNING -> console.paint("\033[33m", "warning");
                        case FAULT -> console.paint("\033[31m", "fault  ");
                    };
            console.line(mark + "  " + Show.wide(finding.what(), 14) + finding.text());
            finding.advice().ifPresent(advice -> console.line(" ".repeat(23) + advice));
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("level", finding.level().name().toLowerCase(Locale.ROOT));
            fields.put("what", finding.what());
            fields.put("text", finding.text());
            fields.put("advice", finding.advice());
            console.record("finding", fields);
            fault |= finding.level() == Finding.Level.FAULT;
        }
        return fault ? ExitStatus.FAILED.code() : ExitStatus.DONE.code();
    }
}
