package org.portolan.cli;

import java.util.List;
import org.portolan.model.state.Credential;
import org.portolan.model.state.Grant;

/** Lists tokens. */
final class TokenListCommand extends CliCommand {
    TokenListCommand() {
        super("list", "List tokens, without the tokens themselves.");
    }

    @Override
    int run(Context context) {
        Console console = context.console();
        List<Grant> tokens = AccessOptions.list(context, Credential.Token.class);
        if (tokens.isEmpty()) {
            console.empty("No tokens.");
            return ExitStatus.DONE.code();
        }
        AccessOptions.header(console, "ADDED BY");
        for (Grant token : tokens) {
            AccessOptions.show(console, token, token.by());
            console.record("token", AccessOptions.fields(token));
        }
        return ExitStatus.DONE.code();
    }
}
