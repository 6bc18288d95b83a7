package org.portolan.routing;

import com.github.mustachejava.MustacheException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.template.StrictMustache;

/**
 * The proxies' Mustache templates. A name that does not exist is an error, not an empty text; values are written as they
 * are, since {@link Sanitizer} let them in.
 */
public final class Templates {
    private final Texts texts;

    /** @param texts where the templates and pages come from */
    public Templates(Texts texts) {
        this.texts = texts;
    }

    /** The texts of templates and pages by name. */
    public interface Texts {
        /**
         * One text.
         *
         * @throws Failure when there is none of that name, or it cannot be read
         */
        String text(String name);

        /** What to do when that text turns out to be wrong. */
        String remedy(String name);
    }

    /** The templates that are part of this program. */
    public static Templates shipped() {
        return new Templates(new Shipped());
    }

    /** The texts that are part of this program. */
    public static final class Shipped implements Texts {
        @Override
        public String text(String name) {
            try (InputStream shipped = Templates.class.getResourceAsStream("/templates/proxy/" + name)) {
                if (shipped == null) {
                    throw new Failure(Kind.INTERNAL, "unknown proxy template " + name);
                }
                return new String(shipped.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException problem) {
                throw new Failure(Kind.INVALID, "cannot read the proxy template " + name + ": " + problem.getMessage())
                        .withCause(problem);
            }
        }

        @Override
        public String remedy(String name) {
            return "this is a bug in Portolan";
        }
    }

    /** The text of a template or page. */
    public String text(String name) {
        return texts.text(name);
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
            throw new Failure(Kind.INVALID, "proxy template " + name + ": " + deepest(problem))
                    .withHint(texts.remedy(name))
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

    private final class Strict extends StrictMustache {
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
}
