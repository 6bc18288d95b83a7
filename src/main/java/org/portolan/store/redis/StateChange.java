package org.portolan.store.redis;

import static org.portolan.store.redis.RedisLink.bytes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.portolan.model.event.AccessEvent;
import org.portolan.model.event.Event;
import org.portolan.model.json.DomainJson;
import org.portolan.model.json.ReleaseJson;
import org.portolan.model.json.StateJson;
import org.portolan.model.service.Version;
import org.portolan.store.Commit;

/** The commands of one change, collected for {@link Scripts#COMMIT}. */
final class StateChange {
    private static final int EVENTS_KEPT = 10_000;
    private static final int LOG_KEPT = 5_000;

    static final String NEW_ID = "*";

    /** An event has the same id in both streams, so that what came after it can be asked for; see {@link Scripts#COMMIT}. */
    static final String SAME_ID = "=";

    private final Map<String, String> keys = new LinkedHashMap<>();
    private final List<byte[]> words = new ArrayList<>();

    /** What a commit writes. */
    static StateChange of(Commit commit, Keys keys, Encryptor seal) {
        String name = commit.deployment();
        StateChange change = new StateChange();
        if (commit.remove()) {
            change.forget(keys.deployments(), name);
            change.delete(keys.definitions(name), "hash");
            change.delete(keys.releases(name), "hash");
            change.delete(keys.domains(name), "hash");
            change.delete(keys.log(name), "stream");
        }
        commit.state().ifPresent(state -> change.set(keys.deployments(), name, StoreJson.write(StateJson.tree(state))));
        for (Version version : commit.versions()) {
            String key = keys.definitions(name);
            String field = Keys.versionField(version.service(), version.number(), version.files());
            byte[] text = StoreJson.write(version.definition().keys());
            change.set(key, field, seal.seal(key + " " + field, text));
        }
        commit.releases().forEach(release -> {
            String field = Integer.toString(release.number());
            change.set(keys.releases(name), field, StoreJson.write(ReleaseJson.tree(release)));
            String key = keys.domains(name);
            if (release.domains().isEmpty()) {
                change.forget(key, field);
            } else {
                List<Object> domains = new ArrayList<>();
                release.domains().forEach(domain -> domains.add(DomainJson.tree(domain)));
                byte[] text = StoreJson.write(Map.of("domains", domains));
                change.set(key, field, seal.seal(key + " " + field, text));
            }
        });
        commit.generated().forEach((value, versions) -> {
            String field = Keys.valueField(name, value);
            if (versions.isEmpty()) {
                change.forget(keys.generated(), field);
            } else {
                String place = keys.generated() + " " + field;
                change.set(keys.generated(), field, seal.seal(place, GeneratedCodec.write(versions)));
            }
        });
        for (Commit.VersionId version : commit.forget().versions()) {
            change.forget(
                    keys.definitions(name), Keys.versionField(version.service(), version.number(), version.files()));
        }
        for (int release : commit.forget().releases()) {
            change.forget(keys.releases(name), Integer.toString(release));
            change.forget(keys.domains(name), Integer.toString(release));
        }
        commit.standings()
                .now()
                .forEach(now -> change.set(keys.standings(), StandingCodec.field(now), StandingCodec.write(now)));
        commit.standings().gone().forEach(gone -> change.forget(keys.standings(), StandingCodec.field(gone)));
        commit.grants().now().forEach(now -> change.set(keys.grants(), now.name(), GrantCodec.write(now)));
        commit.grants().gone().forEach(gone -> change.forget(keys.grants(), gone));
        commit.instructions()
                .now()
                .forEach(now ->
                        change.set(keys.instructions(), InstructionCodec.field(now), InstructionCodec.write(now)));
        commit.instructions().gone().forEach(gone -> change.forget(keys.instructions(), InstructionCodec.field(gone)));
        commit.asked().now().forEach(now -> {
            change.expect(keys.asked(), now.key(), now.revision() - 1);
            change.set(keys.asked(), now.key(), AskedCodec.write(now));
        });
        commit.asked().gone().forEach(gone -> change.forget(keys.asked(), gone));
        commit.asked().since().ifPresent(since -> change.set(keys.asked(), AskedCodec.SINCE, AskedCodec.since(since)));
        for (Event event : commit.events()) {
            List<byte[]> fields = EventCodec.fields(event);
            change.append(keys.events(), EVENTS_KEPT, NEW_ID, fields);
            if (event.data() instanceof AccessEvent) {
                change.append(keys.audit(), EVENTS_KEPT, SAME_ID, fields);
            }
            if (!commit.remove() && event.release() != 0) {
                change.append(keys.log(name), LOG_KEPT, SAME_ID, fields);
            }
        }
        return change;
    }

    void set(String hash, String field, byte[] value) {
        add("hash", hash, bytes("HSET"), bytes(hash), bytes(field), value);
    }

    /** Refuses the whole change where the field has a value of another revision. */
    private void expect(String hash, String field, long revision) {
        add("hash", hash, bytes("REVISION"), bytes(hash), bytes(field), bytes(Long.toString(revision)));
    }

    void forget(String hash, String field) {
        add("hash", hash, bytes("HDEL"), bytes(hash), bytes(field));
    }

    void delete(String key, String type) {
        add(type, key, bytes("DEL"), bytes(key));
    }

    void append(String stream, int keep, String id, List<byte[]> fields) {
        List<byte[]> line = new ArrayList<>(List.of(
                bytes("XADD"), bytes(stream), bytes("MAXLEN"), bytes("~"), bytes(Integer.toString(keep)), bytes(id)));
        line.addAll(fields);
        add("stream", stream, line.toArray(byte[][]::new));
    }

    /** The arguments of EVAL: script, number of keys, keys, token, the keys' types, the commands. */
    byte[][] evaluation(String fence, String done, long token) {
        List<byte[]> line = new ArrayList<>();
        line.add(bytes(Scripts.COMMIT));
        line.add(bytes(Integer.toString(keys.size() + 2)));
        line.add(bytes(fence));
        line.add(bytes(done));
        keys.keySet().forEach(key -> line.add(bytes(key)));
        line.add(bytes(Long.toString(token)));
        keys.values().forEach(type -> line.add(bytes(type)));
        line.addAll(words);
        return line.toArray(byte[][]::new);
    }

    private void add(String type, String key, byte[]... line) {
        keys.put(key, type);
        words.add(bytes(Integer.toString(line.length)));
        words.addAll(List.of(line));
    }
}
