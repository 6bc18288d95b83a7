package org.portolan.store.redis;

import java.util.Optional;
import java.util.function.Function;
import org.portolan.json.JsonMismatch;
import org.portolan.json.JsonTree;
import org.portolan.json.NotJson;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure.Kind;
import org.portolan.store.StoreException;

/** The store's entries as JSON; a damaged one says which it is. */
final class StoreJson {
    private StoreJson() {}

    /**
     * Reads one value.
     *
     * @param place the store's entry, for the message when it is damaged
     */
    static <T> T read(String place, byte[] text, Function<StrictJson, T> decode) {
        try {
            return decode(place, StrictJson.read(text), decode);
        } catch (NotJson broken) {
            throw damaged(place, String.valueOf(broken.getMessage()), Optional.of(broken));
        }
    }

    /** Reads a value that is there as a tree. */
    static <T> T decode(String place, StrictJson tree, Function<StrictJson, T> decode) {
        try {
            return decode.apply(tree);
        } catch (JsonMismatch wrong) {
            throw damaged(place, String.valueOf(wrong.getMessage()), Optional.of(wrong));
        }
    }

    static byte[] write(Object tree) {
        return JsonTree.bytes(tree);
    }

    static StoreException damaged(String place, String why, Optional<Throwable> cause) {
        return new StoreException(Kind.CORRUPT, "the store's entry " + place + " is damaged: " + why, cause)
                .withHint(
                        "running services are not affected; restore the store from a backup, or delete that entry with"
                                + " redis-cli: it is then restored from labels of containers and the files");
    }
}
