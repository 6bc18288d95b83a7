package org.portolan.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.ExitStatus;
import org.portolan.model.routing.ProxyDefect;
import org.portolan.store.Store;

/** Shows what runs beside the instances. */
final class SystemStatusCommand extends CliCommand {
    SystemStatusCommand() {
        super("status", "Show the store and the proxies: whether they run, and where they listen.");
    }

    @Override
    int run(Context context) {
        Console console = context.console();
        Components parts = context.parts();
        String home = parts.home().root().toString();
        Optional<String> installation = parts.home().knownInstallation();
        String store =
                parts.storeRunning() ? parts.storeIfAny().map(Store::describe).orElse("") : "not running";
        List<String> proxies = parts.proxy().describe();
        console.line("state  " + home
                + installation.map(id -> "  installation " + id).orElse("  not used yet"));
        console.line("store  " + store);
        Optional<String> left = parts.leftStore();
        left.ifPresent(what -> console.line("       the embedded store, not used any more, holds " + what));
        proxies.forEach(console::line);
        List<String> defects =
                parts.proxy().defects().stream().map(ProxyDefect::found).toList();
        defects.forEach(defect -> console.line("fault  " + defect));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("home", home);
        fields.put("installation", installation);
        fields.put("store", store);
        fields.put("proxies", proxies);
        fields.put("faults", defects);
        console.record("system", fields);
        return ExitStatus.DONE.code();
    }
}
