package org.portolan.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.portolan.backup.BackupContent;
import org.portolan.backup.SystemBackup;

/** Writes everything of the installation that is not in Git to one encrypted file. */
final class SystemBackupCommand extends CliCommand {
    private final Syntax.Text file = syntax().parameter("FILE", true, "The file to write; '-' for standard output.");
    private final Syntax.Text passphraseFile = syntax().text("--passphrase-file", "FILE", Passphrase.HELP);

    SystemBackupCommand() {
        super("backup", "Save everything that is not in Git, without volumes, to one encrypted file.");
    }

    @Override
    int run(Context context) {
        Console console = context.console();
        String name = file.or("");
        boolean piped = name.equals("-");
        if (piped && console.asks()) {
            throw FailureView.usage("standard output is a terminal", "Write to a file, or into a pipe.");
        }
        char[] passphrase = Passphrase.of(context, passphraseFile, true);
        SystemBackup backup = new SystemBackup(context.parts(), InstantSource.system(), Actor.host());
        if (piped) {
            BackupContent saved = backup.save(new FileOutputStream(FileDescriptor.out), passphrase);
            console.error("Saved " + saved.about() + ": " + counts(saved) + "\n");
            return ExitStatus.DONE.code();
        }
        BackupContent saved = backup.save(Path.of(name).toAbsolutePath(), passphrase);
        console.job("Saved " + saved.about() + " to " + name);
        console.detail(counts(saved) + "; read again and compared");
        console.detail("volumes are not in it: portolan volume backup");
        console.record("backup", record(saved));
        return ExitStatus.DONE.code();
    }

    static String counts(BackupContent content) {
        return content.deployments() + " deployments, " + content.releases() + " releases, " + content.keys()
                + " keys of the store, " + content.files() + " files";
    }

    static Map<String, Object> record(BackupContent content) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("installation", content.installation());
        fields.put("deployments", content.deployments());
        fields.put("releases", content.releases());
        fields.put("keys", content.keys());
        fields.put("files", content.files());
        fields.put("bytes", content.bytes());
        return fields;
    }
}
