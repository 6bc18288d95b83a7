package org.portolan.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.portolan.query.SystemStatus;

/** Shows what runs beside the instances. */
final class SystemStatusCommand extends CliCommand {
    SystemStatusCommand() {
        super("status", "Show the state and the addresses of the store and the proxies.");
    }

    @Override
    int run(Context context) {
        Console console = context.console();
        SystemStatus view = SystemStatus.of(context.parts());
        String store = view.store().orElse("not running");
        console.line("state  " + view.home()
                + view.installation().map(id -> "  installation " + id).orElse("  not used yet"));
        console.line("store  " + store);
        view.left()
                .ifPresent(what -> console.line("       the embedded store is no longer used but still has " + what));
        view.proxies().forEach(console::line);
        view.defects().forEach(defect -> console.line("fault  " + defect));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("home", view.home());
        fields.put("installation", view.installation());
        fields.put("store", store);
        fields.put("proxies", view.proxies());
        fields.put("faults", view.defects());
        console.record("system", fields);
        return ExitStatus.DONE.code();
    }
}
