package org.portolan.store.redis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.portolan.json.StrictJson;
import org.portolan.model.Instead;
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
        standing.instead().ifPresent(instead -> tree.put("instead", instead(instead)));
        if (!standing.replaced().isEmpty()) {
            tree.put(
                    "replaced",
                    standing.replaced().stream().map(StandingCodec::replaced).toList());
        }
        if (!standing.unhealthy().isEmpty()) {
            tree.put(
                    "unhealthy",
                    standing.unhealthy().stream().map(StandingCodec::unhealthy).toList());
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
                tree.find("asks").map(StrictJson::text).orElse(""),
                tree.find("instead").map(StandingCodec::instead),
                tree.find("replaced").isPresent() ? tree.list("replaced", StandingCodec::replaced) : List.of(),
                tree.find("unhealthy").isPresent() ? tree.list("unhealthy", StandingCodec::unhealthy) : List.of());
    }

    private static Map<String, Object> instead(Instead instead) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("deployments", instead.deployments().stream().sorted().toList());
        tree.put("words", instead.words());
        return tree;
    }

    private static Instead instead(StrictJson tree) {
        return new Instead(Set.copyOf(tree.texts("deployments")), tree.text("words"));
    }

    private static Map<String, Object> replaced(Standing.Replaced replaced) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("service", replaced.service());
        tree.put("version", replaced.version());
        tree.put("count", replaced.count());
        tree.put("last", MomentJson.write(replaced.last()));
        return tree;
    }

    private static Standing.Replaced replaced(StrictJson tree) {
        return new Standing.Replaced(
                tree.text("service"), tree.number("version"), tree.number("count"), MomentJson.read(tree.at("last")));
    }

    private static Map<String, Object> unhealthy(Standing.Unhealthy one) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("container", one.container());
        tree.put("since", MomentJson.write(one.since()));
        tree.put("seen", MomentJson.write(one.seen()));
        return tree;
    }

    private static Standing.Unhealthy unhealthy(StrictJson tree) {
        return new Standing.Unhealthy(
                tree.text("container"), MomentJson.read(tree.at("since")), MomentJson.read(tree.at("seen")));
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
