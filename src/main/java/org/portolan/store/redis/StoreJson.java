package org.portolan.store.redis;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.Optional;
import org.portolan.json.JsonTree;
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
    static RedisNode read(String place, byte[] text) {
        try (JsonParser parser = JsonTree.parser(text)) {
            if (parser.nextToken() == null) {
                throw damaged(place, "it is empty", Optional.empty());
            }
            Object tree = JsonTree.value(parser);
            if (parser.nextToken() != null) {
                throw damaged(place, "it has extra data at its end", Optional.empty());
            }
            return new RedisNode(place, "", tree);
        } catch (IOException notJson) {
            // Jackson's own message would quote the content.
            throw damaged(place, "it is not JSON", Optional.of(notJson));
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
