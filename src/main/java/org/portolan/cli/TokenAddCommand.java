package org.portolan.cli;

import java.util.Map;
import java.util.Optional;
import org.portolan.access.AccessChanges.NewToken;

/** Makes a token and shows it, once. */
final class TokenAddCommand extends CliCommand {
    private final AccessOptions options = new AccessOptions(syntax(), Optional.empty());

    TokenAddCommand() {
        super(
                "add",
                "Make a token, for the deployments that -D names, separated by commas (default: all), and print it.");
    }

    @Override
    int run(Context context) {
        NewToken made = AccessOptions.changes(context).addToken(options.wanted(context));
        Console console = context.console();
        // The token alone is the result, so that a script can take it.
        console.line(made.text());
        if (!console.json() && !context.options().quiet()) {
            console.error("Added " + AccessOptions.words(made.grant())
                    + ". The token is not shown again: keep it where only its user can read it.\n");
        }
        Map<String, Object> fields = AccessOptions.fields(made.grant());
        fields.put("token", made.text());
        console.record("token", fields);
        return ExitStatus.DONE.code();
    }
}
