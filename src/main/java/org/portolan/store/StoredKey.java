package org.portolan.store;

import java.util.List;

/**
 * One entry of a store as it is kept, for copying: nothing of it is understood but its form.
 *
 * @param name without the installation's prefix
 * @param expires milliseconds until it ends by itself; 0 for never
 * @param items what it holds, in the form of its type
 */
public record StoredKey(String name, Type type, long expires, List<List<byte[]>> items) {
    public StoredKey {
        items = List.copyOf(items);
    }

    /** Forms of an entry, and what an item of it is. */
    public enum Type {
        /** One item: the value. */
        STRING,
        /** Items of a field and its value. */
        HASH,
        /** Items of one member. */
        SET,
        /** Items of one value, in their order. */
        LIST,
        /** Items of a member and its score. */
        ZSET,
        /** Items of an id, then fields and values by turns. */
        STREAM
    }

    /** How many fields, members or records it has. */
    public int size() {
        return items.size();
    }
}
