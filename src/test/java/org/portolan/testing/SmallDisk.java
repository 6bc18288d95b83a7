package org.portolan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.portolan.process.Commands;

/** A separate file system with little room, mounted in the sandbox. */
public final class SmallDisk implements AutoCloseable {
    private final Path folder;

    /** @param size as mount(8) takes it for a tmpfs: {@code 64k} */
    public SmallDisk(Path folder, String size) throws IOException {
        assertThat(System.getenv("PORTOLAN_SANDBOX"))
                .as("run this in scripts/sandbox")
                .isNotNull();
        this.folder = Files.createDirectory(folder);
        run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString());
    }

    /** Where it is mounted. */
    public Path folder() {
        return folder;
    }

    /** Lets nothing be written to it any more. */
    public void readOnly() {
        run("mount", "-o", "remount,ro", folder.toString());
    }

    /** Takes the room that is left, to the last byte; whoever deletes the file that is returned has it again. */
    public Path fill() throws IOException {
        Path filler = folder.resolve("filler");
        try (OutputStream out = Files.newOutputStream(filler)) {
            byte[] block = new byte[4096];
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            return filler;
        }
    }

    /** Unmounts it, even where a process still has a file open there. */
    @Override
    public void close() {
        run("umount", "-l", folder.toString());
    }

    private static void run(String... command) {
        assertThat(Commands.run(List.of(command), Duration.ofSeconds(10)))
                .extracting(Commands.Result::exitCode)
                .isEqualTo(0);
    }
}
