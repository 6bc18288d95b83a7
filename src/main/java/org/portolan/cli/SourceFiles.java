package org.portolan.cli;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.portolan.model.service.Desired;
import org.portolan.source.Located;

/** A source's files, read again whenever they are asked for; whoever watches is told when they say something else. */
final class SourceFiles implements Supplier<List<Desired>> {
    private static final int SHORT_ID = 10;

    private final Console console;
    private SourceOptions.Read read;

    SourceFiles(Console console, SourceOptions.Read read) {
        this.console = console;
        this.read = read;
    }

    @Override
    public List<Desired> get() {
        Optional<SourceOptions.Read> moved = read.moved();
        if (moved.isPresent()) {
            read = moved.get();
            console.note(changed(read.located()));
        }
        return SourceOptions.withOrigin(read);
    }

    private static String changed(Located located) {
        return located.origin()
                .commit()
                .filter(commit -> !located.origin().dirty())
                .map(commit -> "The source has changed: deploying its commit "
                        + commit.substring(0, Math.min(SHORT_ID, commit.length())))
                .orElse("The files have changed: deploying them as they are now");
    }
}
