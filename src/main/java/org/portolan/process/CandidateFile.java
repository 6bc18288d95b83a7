package org.portolan.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A text that a program reads and judges before it takes the place of the program's file. */
public final class CandidateFile {
    private CandidateFile() {}

    /**
     * Has a text checked.
     *
     * @param inPlace the file whose place it will take: one that holds the text already is checked where it is, for on a full
     *     disk no candidate could be written
     * @param candidate where the text is written for the check otherwise; deleted afterwards
     * @param check is given the file to read, and fails when it is refused
     */
    public static void check(Path inPlace, Path candidate, String text, Consumer<Path> check) {
        if (StateFiles.holds(inPlace, text)) {
            check.accept(inPlace);
            return;
        }
        AtomicFiles.write(candidate, text.getBytes(StandardCharsets.UTF_8), AtomicFiles.PRIVATE);
        try {
            check.accept(candidate);
        } finally {
            try {
                Files.deleteIfExists(candidate);
            } catch (IOException left) {
                // The next check overwrites it.
            }
        }
    }
}
