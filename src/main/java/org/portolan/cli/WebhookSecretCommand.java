package org.portolan.cli;

import java.util.Map;
import org.portolan.config.SourceSettings;
import org.portolan.notify.WebhookSecrets;

/** Prints the secret of a source's webhook, generated if need be. */
final class WebhookSecretCommand extends CliCommand {
    private final Syntax.Text name = syntax().parameter("SOURCE", true, "A source of the configuration.");
    private final Syntax.Flag rotate =
            syntax().flag("--rotate", "Generate a new one; the one before stays valid until the next rotation.");

    WebhookSecretCommand() {
        super("secret", "Print the secret to enter at the Git host; generate it if there is none.");
    }

    @Override
    int run(Context context) {
        SourceSettings source = NotifyCommand.followed(context, name.or(""));
        String secret =
                new WebhookSecrets(context.parts().home(), context.environment()).secret(source, rotate.given());
        String path = "/v1/hooks/" + source.name();
        context.console().text(secret + "\n");
        context.console().record("webhook", Map.of("source", source.name(), "secret", secret, "path", path));
        return ExitStatus.DONE.code();
    }
}
