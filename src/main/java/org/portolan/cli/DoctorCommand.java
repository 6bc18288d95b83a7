package org.portolan.cli;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.portolan.doctor.Doctor;
import org.portolan.doctor.Finding;

/** Shows what {@link Doctor} finds. */
final class DoctorCommand extends CliCommand {
    DoctorCommand() {
        super("doctor", "Check engine, store, proxies, ports, disk, clock and network.");
    }

    @Override
    int run(Context context) {
        return show(
                context.console(),
                new Doctor(context.parts(), context.environment(), InstantSource.system()).examine());
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
            finding.advice().ifPresent(advice -> console.line(" ".repeat(23) + Advice.text(advice)));
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("level", finding.level().name().toLowerCase(Locale.ROOT));
            fields.put("what", finding.what());
            fields.put("text", finding.text());
            fields.put("advice", finding.advice().map(Advice::text));
            console.record("finding", fields);
            fault |= finding.isFault();
        }
        return fault ? ExitStatus.FAILED.code() : ExitStatus.DONE.code();
    }
}
