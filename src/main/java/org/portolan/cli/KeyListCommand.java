package org.portolan.cli;

import java.util.List;
import org.portolan.model.state.Credential;
import org.portolan.model.state.Grant;
import org.portolan.model.state.SshKey;

/** Lists accepted keys. */
final class KeyListCommand extends CliCommand {
    KeyListCommand() {
        super("list", "List accepted SSH keys with their fingerprints.");
    }

    @Override
    int run(Context context) {
        Console console = context.console();
        List<Grant> keys = AccessOptions.list(context, Credential.Key.class);
        if (keys.isEmpty()) {
            console.empty("No keys.");
            return ExitStatus.DONE.code();
        }
        AccessOptions.header(console, "FINGERPRINT");
        for (Grant grant : keys) {
            if (grant.credential() instanceof Credential.Key(SshKey key)) {
                AccessOptions.show(console, grant, key.fingerprint() + " " + key.comment());
            }
            console.record("key", KeyAddCommand.fields(grant));
        }
        return ExitStatus.DONE.code();
    }
}
