package org.portolan.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.portolan.backup.BackupContent;
import org.portolan.backup.SystemRestore;
import org.portolan.model.NeedsConsent;

/** Brings back what 'system backup' saved. */
final class SystemRestoreCommand extends CliCommand {
    private final Syntax.Text file =
            syntax().parameter("FILE", true, "A file from 'portolan system backup'; '-' for standard input.");
    private final Syntax.Flag check = syntax().flag("--check", "Read the file to its end, and change nothing.");
    private final Syntax.Flag replace =
            syntax().flag("--replace", "Replace what this state directory and its store hold; files are put aside.");
    private final Syntax.Text passphraseFile = syntax().text("--passphrase-file", "FILE", Passphrase.HELP);

    SystemRestoreCommand() {
        super("restore", "Bring back what 'system backup' saved, on this machine or another.");
    }

    @Override
    int run(Context context) {
        boolean piped = file.or("").equals("-");
        char[] passphrase = Passphrase.of(context, passphraseFile, false);
        Path path = piped
                ? SystemRestore.spooled(new FileInputStream(FileDescriptor.in))
                : Path.of(file.or("")).toAbsolutePath();
        try {
            return restore(context, path, passphrase);
        } finally {
            if (piped) {
                delete(path);
            }
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException left) {
            // It is sealed.
        }
    }

    private int restore(Context context, Path path, char[] passphrase) {
        Console console = context.console();
        SystemRestore restore = new SystemRestore(context.parts(), InstantSource.system());
        BackupContent found = restore.check(path, passphrase);
        if (check.given()) {
            console.job("Read " + found.about());
            console.detail(SystemBackupCommand.counts(found));
            console.record("backup", SystemBackupCommand.record(found));
            return ExitStatus.DONE.code();
        }
        if (replace.given() && !context.options().yes()) {
            List<String> lines =
                    List.of("replace the state in " + context.parts().home().root() + " by that of " + found.about());
            if (!ChangeCommand.agrees(console, lines, "Continue?")) {
                throw new NeedsConsent(lines).withHint("nothing was changed; to consent, use --yes");
            }
        }
        SystemRestore.Restored restored = restore.restore(path, passphrase, replace.given());
        console.job("Restored " + restored.content().about());
        console.detail(SystemBackupCommand.counts(restored.content()));
        restored.aside().ifPresent(aside -> console.detail("the files that were here are in " + aside));
        console.detail("next: bring back volumes, then portolan system up, portolan doctor, and deploy each source");
        console.record("restored", SystemBackupCommand.record(restored.content()));
        return ExitStatus.DONE.code();
    }
}
