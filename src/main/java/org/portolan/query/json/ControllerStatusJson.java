package org.portolan.query.json;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.portolan.json.StrictJson;
import org.portolan.model.json.MomentJson;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.Standing;
import org.portolan.query.ControllerStatus;

/** What the controller last observed as JSON, whole: what the command line reads from a controller. */
public final class ControllerStatusJson {
    private ControllerStatusJson() {}

    public static Map<String, Object> tree(ControllerStatus status) {
        Map<String, Object> tree = new LinkedHashMap<>();
        status.leader().ifPresent(leader -> tree.put("leader", leader));
        tree.put(
                "standings",
                status.standings().stream().map(ControllerStatusJson::standing).toList());
        tree.put(
                "instructions",
                status.instructions().stream()
                        .map(ControllerStatusJson::instruction)
                        .toList());
        return tree;
    }

    public static ControllerStatus read(StrictJson node) {
        return new ControllerStatus(
                node.find("leader").map(StrictJson::text),
                node.list("standings", ControllerStatusJson::standing),
                node.list("instructions", ControllerStatusJson::instruction));
    }

    private static Map<String, Object> instruction(Instruction instruction) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("kind", instruction.kind().name());
        tree.put("subject", instruction.subject().word());
        tree.put("name", instruction.name());
        tree.put("about", instruction.about());
        tree.put("who", instruction.who());
        tree.put("at", MomentJson.write(instruction.at()));
        tree.put("what", instruction.what());
        tree.put("asks", instruction.asks());
        return tree;
    }

    private static Instruction instruction(StrictJson node) {
        return new Instruction(
                node.at("kind").constant(Instruction.Kind.values()),
                subject(node.at("subject")),
                node.text("name"),
                node.text("about"),
                node.text("who"),
                MomentJson.read(node.at("at")),
                node.text("what"),
                node.text("asks"));
    }

    private static Map<String, Object> standing(Standing standing) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("subject", standing.subject().word());
        tree.put("name", standing.name());
        tree.put("condition", standing.condition().word());
        tree.put("what", standing.what());
        tree.put("since", MomentJson.write(standing.since()));
        tree.put("observed", MomentJson.write(standing.at()));
        standing.next().ifPresent(next -> tree.put("next", MomentJson.write(next)));
        tree.put("commit", standing.commit());
        tree.put("asks", standing.asks());
        return tree;
    }

    private static Standing standing(StrictJson node) {
        Standing.Subject subject = subject(node.at("subject"));
        Standing.Condition condition = condition(node.at("condition"));
        Instant since = MomentJson.read(node.at("since"));
        return Standing.unknown(subject, node.text("name"), since)
                .with(condition, node.text("what"), since)
                .with(condition, node.text("what"), MomentJson.read(node.at("observed")))
                .at(node.text("commit"), "")
                .asking(node.textOrEmpty("asks"))
                .trying(node.find("next").map(MomentJson::read));
    }

    private static Standing.Subject subject(StrictJson node) {
        for (Standing.Subject subject : Standing.Subject.values()) {
            if (subject.word().equals(node.text())) {
                return subject;
            }
        }
        throw node.wrong("something that a controller looks at");
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
