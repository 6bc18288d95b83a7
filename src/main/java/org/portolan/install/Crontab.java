package org.portolan.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.Commands;
import org.portolan.process.Programs;

/** This user's table of cron. A line of Portolan ends with a mark, by which it is found again. */
final class Crontab {
    private static final Duration SHORT = Duration.ofSeconds(20);

    private final String program;

    private Crontab(String program) {
        this.program = program;
    }

    /** Empty where there is no cron. */
    static Optional<Crontab> find() {
        return Programs.find("crontab").map(Path::toString).map(Crontab::new);
    }

    /**
     * Puts a line in the place of those with the mark.
     *
     * @param line "" for none
     * @return whether the table had one
     */
    boolean put(String mark, String line) {
        Commands.Result before = Commands.run(List.of(program, "-l"), SHORT);
        String old = before.succeeded() ? before.output() : "";
        String table = edited(old, mark, line);
        boolean had = old.lines().anyMatch(each -> each.endsWith(mark));
        if (line.isEmpty() && !had) {
            return false;
        }
        try {
            Path file = Files.createTempFile("portolan", ".crontab");
            try {
                Files.writeString(file, table);
                Commands.Result result = Commands.run(List.of(program, file.toString()), SHORT);
                if (!result.succeeded()) {
                    throw new Failure(Kind.FAILED, program + " failed")
                            .withDetails(result.output().strip().lines().toList());
                }
            } finally {
                Files.delete(file);
            }
        } catch (IOException unwritable) {
            throw new Failure(Kind.FAILED, "cannot write the crontab: " + unwritable.getMessage());
        }
        return had;
    }

    static String edited(String old, String mark, String line) {
        StringBuilder table = new StringBuilder();
        old.lines().filter(kept -> !kept.endsWith(mark)).forEach(kept -> table.append(kept)
                .append('\n'));
        return line.isEmpty()
                ? table.toString()
                : table.append(line).append('\n').toString();
    }
}
