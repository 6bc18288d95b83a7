package org.portolan.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.state.Credential;
import org.portolan.model.state.Grant;
import org.portolan.model.state.Scope;
import org.portolan.model.state.SshKey;
import org.portolan.process.FileProblems;

/** Accepts a public key. */
final class KeyAddCommand extends CliCommand {
    private static final int MOST_BYTES = 64 * 1024;
    private static final String INPUT = "-";

    private final AccessOptions options = new AccessOptions(syntax(), Optional.of(Scope.DEPLOY));
    private final Syntax.Text file =
            syntax().parameter("FILE", false, "The public key's file; default: -, standard input.");

    KeyAddCommand() {
        super("add", "Accept an SSH key, for the deployments that -D names, separated by commas; default: all.");
    }

    @Override
    int run(Context context) {
        SshKey key = SshKey.read(text(context));
        Grant added = AccessOptions.changes(context).addKey(options.wanted(context), key);
        Console console = context.console();
        console.job("Added " + AccessOptions.words(added) + " (" + key.fingerprint() + ")");
        console.record("key", fields(added));
        return ExitStatus.DONE.code();
    }

    private String text(Context context) {
        String path = file.or(INPUT);
        if (path.equals(INPUT)) {
            return context.console().secret("Public key: ");
        }
        try (InputStream in = Files.newInputStream(Path.of(path))) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw FileProblems.ofGiven("read", Path.of(path), unreadable);
        }
    }

    /** What programs get of a key. */
    static Map<String, Object> fields(Grant grant) {
        Map<String, Object> fields = AccessOptions.fields(grant);
        if (grant.credential() instanceof Credential.Key(SshKey key)) {
            fields.put("fingerprint", key.fingerprint());
            fields.put("comment", key.comment());
            fields.put("key", key.type() + " " + key.blob());
        }
        return fields;
    }
}
