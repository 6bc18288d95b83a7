package org.portolan.store.redis;

import java.util.LinkedHashMap;
import java.util.Map;
import org.portolan.json.StrictJson;
import org.portolan.model.json.MomentJson;
import org.portolan.model.state.Instruction;

/** An instruction as JSON. */
final class InstructionCodec {
    private InstructionCodec() {}

    static String field(Instruction instruction) {
        return instruction.kind().word() + "/"
                + Keys.standingField(instruction.subject().word(), instruction.name())
                + (instruction.about().isEmpty() ? "" : "/" + instruction.about());
    }

    static byte[] write(Instruction instruction) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("kind", instruction.kind().word());
        tree.put("subject", instruction.subject().word());
        tree.put("name", instruction.name());
        tree.put("about", instruction.about());
        tree.put("who", instruction.who());
        tree.put("at", MomentJson.write(instruction.at()));
        tree.put("what", instruction.what());
        tree.put("asks", instruction.asks());
        return StoreJson.write(tree);
    }

    static Instruction read(StrictJson tree) {
        return new Instruction(
                kind(tree.at("kind")),
                StandingCodec.subject(tree.at("subject")),
                tree.text("name"),
                tree.text("about"),
                tree.text("who"),
                MomentJson.read(tree.at("at")),
                tree.text("what"),
                tree.text("asks"));
    }

    private static Instruction.Kind kind(StrictJson node) {
        for (Instruction.Kind kind : Instruction.Kind.values()) {
            if (kind.word().equals(node.text())) {
                return kind;
            }
        }
        throw node.wrong("suspended, approved or by-hand");
    }
}
