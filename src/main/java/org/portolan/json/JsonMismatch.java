package org.portolan.json;

/** JSON of another form than the reader's: something is missing, of another type, or of a value that nothing has. */
public final class JsonMismatch extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** @param message {@code routes[0].path should be a text}; never quotes a value */
    JsonMismatch(String message) {
        super(message);
    }
}
