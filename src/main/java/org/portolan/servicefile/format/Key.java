package org.portolan.servicefile.format;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One key of the format.
 *
 * @param name as written in files
 * @param shape what its value may look like
 * @param standard the normal form of the default; it is left out of definitions. Null: there is none
 * @param otherwise what holds when the key is absent, in words
 * @param says what it does
 * @param example a documented, tested example, in the place where the key stands
 */
public record Key(String name, Shape shape, @Nullable Object standard, String otherwise, String says, String example) {

    static Key of(String name, Shape shape, String otherwise, String says, String example) {
        return new Key(name, shape, null, otherwise, says, example);
    }

    static Key withDefault(String name, Shape shape, Object standard, String says, String example) {
        return new Key(name, shape, standard, String.valueOf(standard), says, example);
    }

    /** A key that is known and not supported yet. */
    static Key later(String name, String says) {
        return new Key(name, new NotYet(name), null, "", says, "");
    }

    public boolean supported() {
        return !(shape instanceof NotYet);
    }

    public static @Nullable Key find(List<Key> keys, String name) {
        for (Key key : keys) {
            if (key.name.equals(name)) {
                return key;
            }
        }
        return null;
    }
}
