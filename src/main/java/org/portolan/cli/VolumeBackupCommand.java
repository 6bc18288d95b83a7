package org.portolan.cli;

import java.nio.file.Path;
import java.util.Map;
import org.portolan.operate.ArchiveFile;
import org.portolan.operate.VolumeCopies;

/** Writes a volume's data to a file. */
final class VolumeBackupCommand extends ChangeCommand {
    private final Syntax.Text name = syntax().parameter("VOLUME", true, "A name from 'portolan volume list'.");
    private final Syntax.Text file =
            syntax().parameter("FILE", true, "The tar archive to write; compressed if it ends with .gz or .tgz.");

    VolumeBackupCommand() {
        super("backup", "Write a volume's data to a tar archive, between the backup commands of its services.");
    }

    @Override
    int change(Context context, Interrupts interrupts) {
        Console console = context.console();
        String volume = name.or("");
        Path path = Path.of(file.or("")).toAbsolutePath();
        VolumeCopies.Saved saved =
                requests(context).backup(volume, ArchiveFile.of(path), mandate(context), options(interrupts));
        console.job("Saved " + volume + " to " + file.or("") + " (" + VolumeListCommand.bytes(saved.bytes()) + ")");
        if (!saved.writing().isEmpty()) {
            console.warning(String.join(", ", saved.writing())
                    + " ran meanwhile: files may have changed while they were copied. Set `backup: {pre: COMMAND}`, or stop it"
                    + " first");
        }
        console.record("volume", Map.of("saved", volume, "file", path.toString(), "bytes", saved.bytes()));
        return ExitStatus.DONE.code();
    }
}
