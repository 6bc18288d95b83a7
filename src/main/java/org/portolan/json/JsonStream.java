package org.portolan.json;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Values that follow each other, as an engine sends them while it works. Closing it closes what it reads from. */
public final class JsonStream implements AutoCloseable {
    private final JsonParser parser;
    private @Nullable Object value;

    private JsonStream(JsonParser parser) {
        this.parser = parser;
    }

    public static JsonStream of(InputStream in) throws IOException {
        return new JsonStream(JsonTree.FACTORY.createParser(in));
    }

    public static JsonStream of(byte[] text) throws IOException {
        return new JsonStream(JsonTree.FACTORY.createParser(text));
    }

    /**
     * Reads the next value; false at the end.
     *
     * @throws IOException when this is not JSON, is nested too deep, or cannot be read; may quote the text
     */
    public boolean next() throws IOException {
        if (parser.nextToken() == null) {
            return false;
        }
        value = JsonTree.value(parser, 0);
        return true;
    }

    /** The value that was read last, as {@link JsonTree} describes. */
    public @Nullable Object value() {
        return value;
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
