package org.portolan.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.portolan.query.SecretSummary;

/** Lists a deployment's generated values, without the values. */
final class SecretListCommand extends CliCommand {
    private static final String ROW = "%-24s  %-28s  %7s  %s";

    SecretListCommand() {
        super("list", "List the generated values of a deployment, without the values themselves.");
    }

    @Override
    int run(Context context) {
        Console console = context.console();
        String deployment = ChangeCommand.deployment(context);
        List<SecretSummary> values = context.queries().secrets(deployment);
        if (values.isEmpty()) {
            console.empty("No generated values.");
            return ExitStatus.DONE.code();
        }
        console.line(String.format(Locale.ROOT, ROW, "NAME", "KIND", "VERSION", "CREATED"));
        for (SecretSummary value : values) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("deployment", deployment);
            fields.put("name", value.name());
            fields.put("readable", value.current().isPresent());
            if (value.current().isEmpty()) {
                console.line(String.format(Locale.ROOT, ROW, value.name(), "cannot be decrypted", "-", "-"));
            } else {
                SecretSummary.Current current = value.current().get();
                fields.put("kind", current.kind());
                fields.put("version", current.version());
                fields.put("created", current.created().toString());
                console.line(String.format(
                        Locale.ROOT,
                        ROW,
                        value.name(),
                        current.words(),
                        current.version(),
                        Show.time(current.created())));
            }
            console.record("secret", fields);
        }
        return ExitStatus.DONE.code();
    }
}
