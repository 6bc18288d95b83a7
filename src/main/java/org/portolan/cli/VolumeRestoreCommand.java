package org.portolan.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.portolan.model.container.StoredVolume;
import org.portolan.operate.ArchiveFile;
import org.portolan.operate.Request;
import org.portolan.operate.Volumes;

/** Replaces a volume's data with that of a file. */
final class VolumeRestoreCommand extends ChangeCommand {
    private final Syntax.Text name = syntax().parameter("VOLUME", true, "A name from 'portolan volume list'.");
    private final Syntax.Text file = syntax().parameter("FILE", true, "A tar archive from 'portolan volume backup'.");

    VolumeRestoreCommand() {
        super("restore", "Replace a volume's data with that of an archive. Stop the service first.");
    }

    @Override
    int change(Context context, Interrupts interrupts) {
        Console console = context.console();
        String volume = name.or("");
        Path path = Path.of(file.or("")).toAbsolutePath();
        String deployment = context.parts().volumes().stream()
                .filter(each -> each.name().equals(volume))
                .findFirst()
                .map(StoredVolume::deployment)
                .orElseThrow(() -> Volumes.unknown(volume));
        String question = "Replace all data of " + volume + "?";
        perform(
                context,
                interrupts,
                needs -> agrees(console, List.of(), question),
                mandate -> new Request.RestoreVolume(deployment, volume, ArchiveFile.of(path), mandate));
        console.job("Restored " + volume + " from " + file.or(""));
        console.record("volume", Map.of("restored", volume, "file", path.toString()));
        return ExitStatus.DONE.code();
    }
}
