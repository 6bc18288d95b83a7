package org.portolan.model.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.portolan.json.StrictJson;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Part;
import org.portolan.model.Remedy.Verb;

/** What to do next as JSON, in parts: words, and what Portolan can be asked for, which each door shows its own way. */
public final class RemedyJson {
    private RemedyJson() {}

    public static List<Map<String, Object>> tree(Remedy remedy) {
        List<Map<String, Object>> parts = new ArrayList<>();
        for (Part part : remedy.parts()) {
            Map<String, Object> tree = new LinkedHashMap<>();
            switch (part) {
                case Remedy.Text words -> tree.put("text", words.text());
                case Call call -> {
                    tree.put("verb", call.verb().name().toLowerCase(Locale.ROOT));
                    call.deployment().ifPresent(name -> tree.put("deployment", name));
                    tree.put("arguments", call.arguments());
                }
            }
            parts.add(tree);
        }
        return parts;
    }

    /** Reads it; empty when it names something that this version does not know. */
    public static Optional<Remedy> read(StrictJson node) {
        List<Part> parts = new ArrayList<>();
        for (StrictJson part : node.list()) {
            Optional<String> text = part.find("text").map(StrictJson::text);
            if (text.isPresent()) {
                parts.add(new Remedy.Text(text.get()));
                continue;
            }
            Optional<Verb> verb = verb(part.text("verb"));
            if (verb.isEmpty()) {
                return Optional.empty();
            }
            parts.add(new Call(verb.get(), part.find("deployment").map(StrictJson::text), part.texts("arguments")));
        }
        return Optional.of(new Remedy(parts));
    }

    private static Optional<Verb> verb(String word) {
        for (Verb verb : Verb.values()) {
            if (verb.name().toLowerCase(Locale.ROOT).equals(word)) {
                return Optional.of(verb);
            }
        }
        return Optional.empty();
    }
}
