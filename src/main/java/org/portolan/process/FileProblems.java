package org.portolan.process;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/** Turns what the file system says into what a person can act on. */
public final class FileProblems {
    private FileProblems() {}

    /**
     * The failure to throw.
     *
     * @param verb what was tried: {@code read}, {@code write}, …
     */
    public static Failure failure(String verb, Path file, IOException problem) {
        String reason = reason(problem);
        Failure failure = new Failure(Kind.UNAVAILABLE, "cannot " + verb + " " + file + ": " + reason);
        return failure.withHint(hint(reason, file)).withCause(problem);
    }

    /** As {@link #failure}, for a file that a person wrote or named, not one of Portolan's own. */
    public static Failure ofGiven(String verb, Path file, IOException problem) {
        return new Failure(Kind.INVALID, "cannot " + verb + " " + file + ": " + reason(problem))
                .withHint("check the file and the folders above it (ls -ld " + file + ")")
                .withCause(problem);
    }

    private static String reason(IOException problem) {
        return switch (problem) {
            case AccessDeniedException denied -> "permission denied";
            case NoSuchFileException missing -> "it does not exist";
            case FileSystemException other when other.getReason() != null -> lower(other.getReason());
            default -> problem.getMessage() == null ? problem.getClass().getSimpleName() : lower(problem.getMessage());
        };
    }

    private static String hint(String reason, Path file) {
        if (reason.contains("no space left") || reason.contains("quota")) {
            return "the disk is full: free some space (df -h "
                    + file.toAbsolutePath().getParent() + ") and run again";
        }
        if (reason.contains("permission denied")) {
            return "it may belong to another user (ls -ld " + file + "); run as that user, or set PORTOLAN_HOME to a"
                    + " folder of this user";
        }
        if (reason.contains("read-only")) {
            return "the file system is read-only; set PORTOLAN_HOME to a writable folder";
        }
        return "check the file and the folders above it (ls -ld " + file + ")";
    }

    private static String lower(String text) {
        return text.isEmpty() ? text : Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }
}
