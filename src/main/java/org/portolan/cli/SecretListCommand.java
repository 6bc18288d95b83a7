package org.portolan.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.portolan.model.service.GeneratedValue;
import org.portolan.query.GeneratedSecrets;

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
        Map<String, List<GeneratedValue>> values =
                GeneratedSecrets.list(context.parts().store(), deployment);
        if (values.isEmpty()) {
            console.empty("No generated values.");
            return ExitStatus.DONE.code();
        }
        console.line(String.format(Locale.ROOT, ROW, "NAME", "KIND", "VERSION", "CREATED"));
        values.forEach((name, versions) -> {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("deployment", deployment);
            fields.put("name", name);
            fields.put("readable", !versions.isEmpty());
            if (versions.isEmpty()) {
                console.line(String.format(Locale.ROOT, ROW, name, "cannot be decrypted", "-", "-"));
            } else {
                GeneratedValue last = versions.getLast();
                fields.put("kind", last.spec().kind().word());
                fields.put("version", last.number());
                fields.put("created", last.created().toString());
                console.line(String.format(
                        Locale.ROOT, ROW, name, last.spec().words(), last.number(), Show.time(last.created())));
            }
            console.record("secret", fields);
        });
        return ExitStatus.DONE.code();
    }
}
