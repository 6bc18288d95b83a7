package org.portolan.page;

import com.github.mustachejava.Mustache;
import com.github.mustachejava.MustacheException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.portolan.template.StrictMustache;

/**
 * Renders pages from the Mustache templates beside this class. Every value is escaped for text and for quoted attributes: templates
 * put none into scripts, styles or unquoted attributes. A name that a page does not have is an error. May be used by many threads.
 */
public final class PageTemplates {
    private final Escaping factory = new Escaping();

    /** The page as HTML. */
    public String render(PageBody page) {
        Mustache template = factory.compile(page.template() + ".mustache");
        StringWriter text = new StringWriter();
        template.execute(text, page);
        return text.toString();
    }

    /**
     * A file that pages refer to.
     *
     * @param name {@code page.css} or {@code page.js}
     */
    public static byte[] asset(String name) {
        try (InputStream file = PageTemplates.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalArgumentException("no such file: " + name);
            }
            return file.readAllBytes();
        } catch (IOException broken) {
            throw new IllegalStateException("the program's own files cannot be read", broken);
        }
    }

    /** The library's own escaping stays as it is. */
    private static final class Escaping extends StrictMustache {
        @Override
        public Reader getReader(String name) {
            InputStream template = PageTemplates.class.getResourceAsStream(name);
            if (template == null) {
                throw new MustacheException("no template " + name);
            }
            return new InputStreamReader(template, StandardCharsets.UTF_8);
        }
    }
}
