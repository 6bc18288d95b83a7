package org.portolan.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.portolan.json.JsonTree;
import org.portolan.query.json.JsonFields;

/** How a command ended, in the form that Kubernetes' clients know; with a problem of ours where it could not be run. */
final class ExecStatus {
    private static final String MESSAGE = "message";
    private static final String REASON = "reason";

    private ExecStatus() {}

    static byte[] exited(int code) {
        if (code == 0) {
            return bytes("Success", Map.of());
        }
        Map<String, Object> cause = new LinkedHashMap<>();
        cause.put(REASON, "ExitCode");
        cause.put(MESSAGE, String.valueOf(code));
        Map<String, Object> more = new LinkedHashMap<>();
        more.put(REASON, "NonZeroExitCode");
        more.put(MESSAGE, "the command ended with exit status " + code);
        more.put("details", Map.of("causes", List.of(cause)));
        return bytes("Failure", more);
    }

    /** @param problem as an answer would have it */
    static byte[] failed(Map<String, Object> problem) {
        Map<String, Object> more = new LinkedHashMap<>();
        more.put(REASON, "InternalError");
        more.put(MESSAGE, String.valueOf(problem.get("detail")));
        more.put("problem", problem);
        return bytes("Failure", more);
    }

    private static byte[] bytes(String status, Map<String, Object> more) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("metadata", Map.of());
        fields.put("status", status);
        fields.putAll(more);
        return JsonTree.bytes(JsonFields.plain(fields));
    }
}
