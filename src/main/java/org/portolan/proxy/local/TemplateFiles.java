package org.portolan.proxy.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.FileProblems;
import org.portolan.routing.Templates;

/** Reads a user's own templates: a file of that name in the configured folder, else the shipped one. */
final class TemplateFiles implements Templates.Texts {
    private static final long LARGEST = 1 << 20;

    private final Optional<Path> folder;
    private final Templates.Shipped shipped = new Templates.Shipped();

    private TemplateFiles(Optional<Path> folder) {
        this.folder = folder;
    }

    /** @param folder of the user's own templates; empty: there are none */
    static Templates in(Optional<Path> folder) {
        return new Templates(new TemplateFiles(folder));
    }

    @Override
    public String text(String name) {
        Optional<Path> own = own(name);
        if (own.isEmpty()) {
            return shipped.text(name);
        }
        try {
            if (Files.size(own.get()) > LARGEST) {
                throw new Failure(Kind.INVALID, own.get() + ": a template has at most 1 MiB");
            }
            return Files.readString(own.get());
        } catch (IOException problem) {
            throw FileProblems.ofGiven("read the proxy template", own.get(), problem);
        }
    }

    @Override
    public String remedy(String name) {
        return own(name)
                .map(file -> "correct " + file + ", or remove it to use the shipped one")
                .orElseGet(() -> shipped.remedy(name));
    }

    private Optional<Path> own(String name) {
        return folder.map(path -> path.resolve(name)).filter(Files::isRegularFile);
    }
}
