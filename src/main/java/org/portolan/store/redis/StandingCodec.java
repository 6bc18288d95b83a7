package org.portolan.store.redis;

import java.util.LinkedHashMap;
import java.util.Map;
import org.portolan.json.StrictJson;
import org.portolan.model.json.MomentJson;
import org.portolan.model.state.Standing;

/** A standing as JSON. */
final class StandingCodec {
    private StandingCodec() {}

    static String field(Standing standing) {
        return Keys.standingField(standing.subject().word(), standing.name());
    }

    static byte[] write(Standing standing) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("subject", standing.subject().word());
        tree.put("name", standing.name());
        tree.put("condition", standing.condition().word());
        tree.put("what", standing.what());
        tree.put("since", MomentJson.write(standing.since()));
        tree.put("at", MomentJson.write(standing.at()));
        standing.next().ifPresent(next -> tree.put("next", MomentJson.write(next)));
        tree.put("commit", standing.commit());
        tree.put("applied", standing.applied());
        if (!standing.asks().isEmpty()) {
            tree.put("asks", standing.asks());
        }
        return StoreJson.write(tree);
    }

    static Standing read(StrictJson tree) {
        return new Standing(
                subject(tree.at("subject")),
                tree.text("name"),
                condition(tree.at("condition")),
                tree.text("what"),
                MomentJson.read(tree.at("since")),
                MomentJson.read(tree.at("at")),
                tree.find("next").map(MomentJson::read),
                tree.text("commit"),
                tree.text("applied"),
                tree.find("asks").map(StrictJson::text).orElse(""));
    }

    static Standing.Subject subject(StrictJson node) {
        for (Standing.Subject subject : Standing.Subject.values()) {
            if (subject.word().equals(node.text())) {
                return subject;
            }
        }
        throw node.wrong("source or deployment");
    }

    private static Standing.Condition condition(StrictJson node) {
        for (Standing.Condition condition : Standing.Condition.values()) {
            if (condition.word().equals(node.text())) {
                return condition;
            }
        }
        throw node.wrong("a condition");
    }
}
