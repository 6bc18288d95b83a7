package org.portolan.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.portolan.backup.SystemBackup;
import org.portolan.process.FileProblems;

/** Where the passphrase of a backup comes from: a file, the environment, or whoever sits at the terminal. Never an argument. */
final class Passphrase {
    static final String VARIABLE = "PORTOLAN_BACKUP_PASSPHRASE";
    static final String HELP =
            "The file with the passphrase; default: the variable " + VARIABLE + ", else it is asked for.";

    private Passphrase() {}

    /**
     * The passphrase.
     *
     * @param made whether it is a new one, which is typed twice and must have a length
     */
    static char[] of(Context context, Syntax.Text file, boolean made) {
        String text = file.given()
                ? read(Path.of(file.or("")))
                : context.environment().getOrDefault(VARIABLE, "");
        if (text.isEmpty() && !file.given() && context.console().typed()) {
            text = context.console().secret("Passphrase: ");
            if (made && !text.equals(context.console().secret("The same again: "))) {
                throw FailureView.usage("the two passphrases differ", "Run the command again.");
            }
        }
        if (text.isEmpty()) {
            throw FailureView.usage("no passphrase given", "Use --passphrase-file FILE, or set " + VARIABLE + ".");
        }
        if (made && text.length() < SystemBackup.SHORTEST_PASSPHRASE) {
            throw FailureView.usage(
                    "the passphrase has fewer than " + SystemBackup.SHORTEST_PASSPHRASE + " characters",
                    "For example: openssl rand -base64 24.");
        }
        return text.toCharArray();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8).strip();
        } catch (IOException problem) {
            throw FileProblems.ofGiven("read", file, problem);
        }
    }
}
