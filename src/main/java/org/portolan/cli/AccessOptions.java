package org.portolan.cli;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.portolan.access.AccessChanges;
import org.portolan.model.state.Credential;
import org.portolan.model.state.Grant;
import org.portolan.model.state.Principal;
import org.portolan.model.state.Scope;

/** What commands about tokens and keys have in common. */
final class AccessOptions {
    private static final String SCOPES = "read, deploy or admin";

    private final Syntax.Text name;
    private final Syntax.Text scope;
    private final Syntax.Text expires;
    private final Optional<Scope> byDefault;

    /**
     * Options of what adds one.
     *
     * @param byDefault the scope where none is given; empty: it must be
     */
    AccessOptions(Syntax syntax, Optional<Scope> byDefault) {
        this.byDefault = byDefault;
        this.name = syntax.parameter("NAME", true, "What to call it, in history and in the audit log.");
        this.scope = syntax.text(
                "--scope",
                "SCOPE",
                "read, deploy or admin; each includes those before it."
                        + byDefault
                                .map(known -> " Default: " + known.word() + ".")
                                .orElse(""));
        this.expires = syntax.text("--expires", "TIME", "When it ends, such as 12h or 30d; default: never.");
    }

    /** What was asked for; {@code -D} says for which deployments. */
    AccessChanges.Wanted wanted(Context context) {
        TreeSet<String> deployments = new TreeSet<>();
        context.options().deployment().ifPresent(names -> deployments.addAll(List.of(names.split(",", -1))));
        return new AccessChanges.Wanted(
                name.or(""),
                scope(),
                deployments,
                Optional.ofNullable(expires.orNull()).map(text -> AccessChanges.life(text)
                        .orElseThrow(() -> FailureView.usage(
                                "invalid value of --expires: '" + text + "'", "use for example 12h or 30d"))));
    }

    private Scope scope() {
        if (!scope.given()) {
            return byDefault.orElseThrow(() -> FailureView.usage("no --scope given", "use --scope with " + SCOPES));
        }
        return Scope.of(scope.or(""))
                .orElseThrow(
                        () -> FailureView.usage("invalid value of --scope: '" + scope.or("") + "'", "use " + SCOPES));
    }

    /** Changes by the person at the command line. */
    static AccessChanges changes(Context context) {
        return AccessChanges.in(
                context.parts().store(),
                context.parts().home().installation(),
                Actor.asks(context.environment()),
                "command line");
    }

    /** What is accepted, without making a store. */
    static List<Grant> list(Context context, Class<? extends Credential> form) {
        return AccessChanges.list(context.parts().storeIfAny(), form);
    }

    /** Shows a list; the last column is the caller's. */
    static void header(Console console, String last) {
        row(console, "NAME", "SCOPE", "DEPLOYMENTS", "EXPIRES", "LAST USED", last);
    }

    static void show(Console console, Grant grant, String last) {
        Principal principal = grant.principal();
        boolean expired = principal.expired(Instant.now());
        row(
                console,
                principal.name(),
                principal.scope().word(),
                principal.deployments().isEmpty() ? "all" : String.join(",", principal.deployments()),
                expired ? "expired" : principal.expires().map(Show::time).orElse("never"),
                grant.used().map(Show::time).orElse("never"),
                last);
    }

    private static void row(Console console, Object... cells) {
        console.line(String.format(Locale.ROOT, "%-20s  %-6s  %-20s  %-19s  %-19s  %s", cells)
                .stripTrailing());
    }

    /** What programs get of one. */
    static Map<String, Object> fields(Grant grant) {
        Principal principal = grant.principal();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", principal.name());
        fields.put("scope", principal.scope().word());
        fields.put("deployments", List.copyOf(principal.deployments()));
        fields.put("expires", principal.expires());
        fields.put("created", grant.created());
        fields.put("by", grant.by());
        fields.put("used", grant.used());
        return fields;
    }

    /** In words, what was added. */
    static String words(Grant grant) {
        Principal principal = grant.principal();
        return grant.credential().word() + " " + principal.name() + ": scope "
                + principal.scope().word()
                + (principal.deployments().isEmpty() ? "" : " for " + String.join(", ", principal.deployments()))
                + principal.expires().map(end -> ", until " + Show.time(end)).orElse("");
    }
}
