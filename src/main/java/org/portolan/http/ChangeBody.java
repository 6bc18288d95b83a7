package org.portolan.http;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Nearest;
import org.portolan.model.state.Scope;
import org.portolan.operate.Agreement;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.release.DeployOptions;

/** What the body of every change may say besides what is to change: why, what is agreed to, how it is carried out. */
final class ChangeBody {
    private static final String AGREE = "agree";
    private static final String REASON = "reason";
    private static final String FREEZE = "override_freeze";
    private static final String NO_WAIT = "no_wait";
    private static final String PARALLEL = "parallel";
    private static final int MOST_PARALLEL = 1_000;

    private ChangeBody() {}

    /** The form of it, to which a change adds its own fields. */
    static ApiSchema.Builder form() {
        return ApiSchema.object()
                .maybe(AGREE, Map.of("anyOf", List.of(ApiSchema.FLAG, ApiSchema.TEXTS)))
                .maybe(REASON, ApiSchema.TEXT)
                .maybe(NO_WAIT, ApiSchema.FLAG)
                .maybe(PARALLEL, ApiSchema.between(1, MOST_PARALLEL));
    }

    /** The same of one that a freeze window holds up. */
    static ApiSchema.Builder freezable() {
        return form().maybe(FREEZE, ApiSchema.FLAG);
    }

    /** A field that the body has and nothing reads would be a wish that nobody fulfils. */
    static void check(StrictJson body, Map<String, Object> form) {
        if (!(form.get("properties") instanceof Map<?, ?> known)) {
            return;
        }
        List<String> names = known.keySet().stream().map(String::valueOf).toList();
        for (String name : body.map().keySet()) {
            if (!names.contains(name)) {
                Failure unknown = new Failure(Kind.INVALID, "unknown field '" + name + "' in the body");
                throw Nearest.of(name, names)
                        .map(nearest -> unknown.withHint("did you mean '" + nearest + "'?"))
                        .orElse(unknown.withHint("known: " + String.join(", ", names)));
            }
        }
    }

    static Mandate mandate(ApiRequest asked) {
        StrictJson body = asked.json();
        Agreement agreed = agreement(body);
        if (agreed.everything() || !agreed.named().isEmpty()) {
            requireAdmin(asked, "to agree to what needs consent");
        }
        if (agreed.named().contains(Agreement.IN_FREEZE)
                && body.textOrEmpty(REASON).isBlank()) {
            throw new Failure(Kind.INVALID, "no reason is given to " + Agreement.IN_FREEZE)
                    .withHint("say why in 'reason': it is kept in history");
        }
        return new Mandate(new Caller.Person(asked.caller().name()), body.textOrEmpty(REASON), agreed);
    }

    private static Agreement agreement(StrictJson body) {
        Object agree = body.map().get(AGREE);
        Agreement agreed = agree == null || Boolean.FALSE.equals(agree)
                ? Agreement.NONE
                : Boolean.TRUE.equals(agree)
                        ? Agreement.EVERYTHING
                        : new Agreement(false, new LinkedHashSet<>(body.texts(AGREE)));
        return body.find(FREEZE).map(StrictJson::flag).orElse(false)
                ? agreed.and(List.of(Agreement.IN_FREEZE))
                : agreed;
    }

    static DeployOptions options(ApiRequest asked) {
        StrictJson body = asked.json();
        Optional<Integer> parallel = body.find(PARALLEL).map(StrictJson::number);
        if (parallel.filter(count -> count < 1 || count > MOST_PARALLEL).isPresent()) {
            throw new Failure(Kind.INVALID, "invalid value of " + PARALLEL + ": " + parallel.get())
                    .withHint("use a whole number from 1 to " + MOST_PARALLEL);
        }
        boolean waits = !body.find(NO_WAIT).map(StrictJson::flag).orElse(false);
        return new DeployOptions(waits, parallel, () -> false);
    }

    /** Consent is what protects from mistakes and from tokens that leak: a token for deploys does not give it. */
    static void requireAdmin(ApiRequest asked, String what) {
        if (!asked.caller().has(Scope.ADMIN)) {
            throw new Failure(Kind.REFUSED, what + " " + asked.caller().lacks(Scope.ADMIN))
                    .withHint("have somebody with that scope ask for it");
        }
    }
}
