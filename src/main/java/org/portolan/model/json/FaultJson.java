package org.portolan.model.json;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.portolan.json.StrictJson;
import org.portolan.model.Position;
import org.portolan.model.Problem;

/** What is wrong in what a person wrote, as JSON, whole: with the excerpt, which may be shown to whoever wrote it. */
public final class FaultJson {
    private FaultJson() {}

    public static Map<String, Object> tree(Problem problem) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("severity", problem.isError() ? "error" : "warning");
        tree.put("at", PositionJson.tree(problem.at()));
        tree.put("message", problem.message());
        problem.excerpt().ifPresent(excerpt -> tree.put("excerpt", excerpt));
        problem.hint().ifPresent(hint -> tree.put("hint", hint));
        return tree;
    }

    public static Problem read(StrictJson node) {
        Position at = PositionJson.read(node.at("at"));
        boolean error = node.text("severity").equals("error");
        Problem problem = error ? Problem.error(at, node.text("message")) : Problem.warning(at, node.text("message"));
        Optional<StrictJson> excerpt = node.find("excerpt");
        Problem shown = excerpt.isPresent() ? problem.withExcerpt(excerpt.get().text()) : problem;
        return node.find("hint").map(hint -> shown.withHint(hint.text())).orElse(shown);
    }
}
