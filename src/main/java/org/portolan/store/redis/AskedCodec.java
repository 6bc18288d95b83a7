package org.portolan.store.redis;

import static org.portolan.store.redis.RedisLink.bytes;
import static org.portolan.store.redis.RedisLink.text;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.json.StrictJson;
import org.portolan.model.json.MomentJson;
import org.portolan.model.state.AskedChange;
import org.portolan.store.Commit;
import org.portolan.store.StoreException;

/** What was asked for with a key, as its revision, a space and JSON: the store's script compares the revision. */
final class AskedCodec {
    /** The field that says since when keys are kept; the others are digests. */
    static final String SINCE = "since";

    private AskedCodec() {}

    static byte[] since(Instant since) {
        return bytes(since.toString());
    }

    static byte[] write(AskedChange asked) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("digest", asked.digest());
        tree.put("operation", asked.operation());
        tree.put("deployments", asked.deployments());
        tree.put("what", asked.what());
        tree.put("who", asked.who());
        tree.put("at", MomentJson.write(asked.at()));
        tree.put("begun", asked.begun());
        tree.put("releases", asked.releases());
        asked.end().ifPresent(end -> {
            Map<String, Object> ended = new LinkedHashMap<>();
            ended.put("at", MomentJson.write(end.at()));
            ended.put("word", end.word());
            ended.put("release", end.release());
            ended.put("kind", end.kind());
            ended.put("why", end.why());
            tree.put("end", ended);
        });
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        value.writeBytes(bytes(asked.revision() + " "));
        value.writeBytes(StoreJson.write(tree));
        return value.toByteArray();
    }

    /** What a hash has; what a newer Portolan wrote is left out. */
    static Commit.Asked all(Map<String, byte[]> hash, String place) {
        List<AskedChange> changes = new ArrayList<>();
        Optional<Instant> since = Optional.empty();
        for (Map.Entry<String, byte[]> entry : hash.entrySet()) {
            try {
                if (entry.getKey().equals(SINCE)) {
                    since = Optional.of(Instant.parse(text(entry.getValue())));
                } else {
                    changes.add(read(place + " " + entry.getKey(), entry.getKey(), entry.getValue()));
                }
            } catch (StoreException | DateTimeParseException | NumberFormatException unreadable) {
                // Whoever asks with that key is refused, since it is not as it was expected.
            }
        }
        return new Commit.Asked(changes, List.of(), since);
    }

    private static AskedChange read(String place, String key, byte[] value) {
        int space = 0;
        while (space < value.length && value[space] != ' ') {
            space++;
        }
        long revision = Long.parseLong(text(Arrays.copyOf(value, space)));
        byte[] json = Arrays.copyOfRange(value, Math.min(space + 1, value.length), value.length);
        return StoreJson.read(place, json, tree -> read(tree, key, revision));
    }

    private static AskedChange read(StrictJson tree, String key, long revision) {
        SortedMap<String, Integer> releases = new TreeMap<>(tree.sorted("releases", StrictJson::number));
        return new AskedChange(
                key,
                revision,
                tree.text("digest"),
                tree.text("operation"),
                tree.texts("deployments"),
                tree.text("what"),
                tree.text("who"),
                MomentJson.read(tree.at("at")),
                tree.flag("begun"),
                releases,
                tree.find("end").map(AskedCodec::end));
    }

    private static AskedChange.End end(StrictJson tree) {
        return new AskedChange.End(
                MomentJson.read(tree.at("at")),
                tree.text("word"),
                tree.number("release"),
                tree.text("kind"),
                tree.text("why"));
    }
}
