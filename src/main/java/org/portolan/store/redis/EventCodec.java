package org.portolan.store.redis;

import static org.portolan.store.redis.RedisLink.bytes;
import static org.portolan.store.redis.RedisLink.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.json.StrictJson;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventReader;
import org.portolan.model.json.MomentJson;

/**
 * Events as entries of a stream: the common fields, empty ones left out, then those of the kind, which streams of an earlier
 * Portolan do not have.
 */
final class EventCodec {
    private EventCodec() {}

    /** The words after the entry's id: field, value, field, value. */
    static List<byte[]> fields(Event event) {
        List<byte[]> words = new ArrayList<>();
        add(words, "at", MomentJson.write(event.at()));
        add(words, "deployment", event.deployment());
        add(words, "release", event.release() == 0 ? "" : Integer.toString(event.release()));
        add(words, "kind", event.kind());
        add(words, "service", event.service());
        add(words, "instance", event.instance());
        add(words, "message", event.message());
        event.fields().forEach((name, value) -> {
            words.add(bytes(name));
            words.add(bytes(value.toString()));
        });
        return words;
    }

    /** Reads the entries of one stream: a list of id and fields. */
    static List<Event> events(String place, @Nullable Object reply) {
        return entries(reply).stream().map(entry -> event(place, entry)).toList();
    }

    /** An entry that was not read yet. */
    record Entry(String id, List<?> words) {}

    /** The entries of one stream. */
    static List<Entry> entries(@Nullable Object reply) {
        List<Entry> found = new ArrayList<>();
        if (reply instanceof List<?> entries) {
            for (Object entry : entries) {
                if (entry instanceof List<?> pair && pair.size() == 2 && pair.get(1) instanceof List<?> fields) {
                    found.add(new Entry(text(pair.get(0)), fields));
                }
            }
        }
        return found;
    }

    /** Reads one. */
    static Event event(String place, Entry written) {
        String id = written.id();
        List<?> words = written.words();
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i + 1 < words.size(); i += 2) {
            fields.put(text(words.get(i)), text(words.get(i + 1)));
        }
        String entry = place + " " + id;
        return new Event(
                id,
                StoreJson.decode(entry, StrictJson.of("at", fields.get("at")), MomentJson::read),
                fields.getOrDefault("deployment", ""),
                release(entry, fields.getOrDefault("release", "0")),
                EventReader.data(fields));
    }

    private static int release(String entry, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException notNumber) {
            throw StoreJson.damaged(entry, "release should be a whole number", Optional.of(notNumber));
        }
    }

    private static void add(List<byte[]> words, String field, String value) {
        if (!value.isEmpty()) {
            words.add(bytes(field));
            words.add(bytes(value));
        }
    }
}
