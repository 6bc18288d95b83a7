package org.portolan.routing;

import com.github.mustachejava.DefaultMustacheFactory;
import com.github.mustachejava.MustacheException;
import com.github.mustachejava.reflect.MissingWrapper;
import com.github.mustachejava.reflect.ReflectionObjectHandler;
import com.github.mustachejava.util.Wrapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;

/**
 * The proxies' Mustache templates: a user's own file of that name, else the shipped one. A name that does not exist is an
 * error, not an empty text; values are written as they are, since {@link Sanitizer} let them in.
 */
public final class Templates {
    private static final long LARGEST = 1 << 20;

    private final Optional<Path> folder;

    public Templates(Optional<Path> folder) {
        this.folder = folder;
    }

    /** The text of a template or page. */
    public String text(String name) {
        try {
            Path own = folder.map(path -> path.resolve(name)).orElse(null);
            if (own != null && Files.isRegularFile(own)) {
                if (Files.size(own) > LARGEST) {
                    throw new Failure(ExitStatus.INVALID, own + ": a template has at most 1 MiB");
                }
                return Files.readString(own);
            }
            try (InputStream shipped = Templates.class.getResourceAsStream("/templates/proxy/" + name)) {
                if (shipped == null) {
                    throw new Failure(ExitStatus.INVALID, "there is no proxy template " + name);
                }
                return new String(shipped.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException problem) {
            throw new Failure(
                            ExitStatus.INVALID, "cannot read the proxy template " + name + ": " + problem.getMessage())
                    .withCause(problem);
        }
    }

    /**
     * Renders a template.
     *
     * @param model a record or a map; every name that the template uses must be in it
     * @throws Failure naming the template's line when a name is unknown or the template is not well-formed
     */
    public String render(String name, Object model) {
        StringWriter text = new StringWriter();
        try {
            new Strict().compile(new StringReader(text(name)), name).execute(text, model);
        } catch (MustacheException problem) {
            throw new Failure(ExitStatus.INVALID, "proxy template " + name + ": " + deepest(problem))
                    .withHint(folder.map(path ->
                                    "correct " + path.resolve(name) + ", or take it away to use the shipped one")
                            .orElse("this is a fault of Portolan"))
                    .withCause(problem);
        }
        return text.toString();
    }

    private static String deepest(Throwable problem) {
        String said = problem.getMessage();
        for (Throwable next = problem.getCause(); next != null; next = next.getCause()) {
            if (next instanceof MustacheException && next.getMessage() != null) {
                said = next.getMessage();
            }
        }
        return said == null ? problem.toString() : said;
    }

    private final class Strict extends DefaultMustacheFactory {
        Strict() {
            setObjectHandler(new StrictNames());
        }

        @Override
        public Reader getReader(String partial) {
            return new StringReader(text(partial));
        }

        @Override
        public void encode(String value, Writer writer) {
            try {
                writer.write(value);
            } catch (IOException problem) {
                throw new MustacheException("cannot write", problem);
            }
        }
    }

    private static final class StrictNames extends ReflectionObjectHandler {
        @Override
        public @Nullable Wrapper find(String name, @Nullable List<@Nullable Object> scopes) {
            Wrapper found = super.find(name, scopes);
            if (found == null || found instanceof MissingWrapper) {
                throw new MustacheException("unknown name {{" + name + "}}");
            }
            return found;
        }
    }
}
