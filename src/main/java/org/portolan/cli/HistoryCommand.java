package org.portolan.cli;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;
import org.portolan.model.state.Release;
import org.portolan.store.Store;

/** Shows the releases of a deployment, or one of them with all that happened. */
final class HistoryCommand extends CliCommand {
    private static final int MOST = 50;

    private final Syntax.Text number =
            syntax().parameter("RELEASE", false, "A release's number: its versions and everything that happened.");
    private final Syntax.Whole limit =
            syntax().whole("-n --limit", "COUNT", "How many releases to show; 50 unless given.");

    HistoryCommand() {
        super("history", "Show a deployment's releases: number, outcome, commit, time, who; or one of them in full.");
    }

    @Override
    int run(Context context) {
        Optional<Store> store = context.parts().storeIfAny();
        if (store.isEmpty()) {
            context.console().empty(Inventory.NONE_YET);
            return ExitStatus.DONE.code();
        }
        Map<String, ?> known = store.get().deployments();
        Optional<String> asked = context.options().deployment();
        if (asked.isPresent() && !known.containsKey(asked.get())) {
            throw Inventory.unknown("deployment", asked.get(), List.copyOf(known.keySet()));
        }
        List<String> names = asked.map(List::of)
                .orElseGet(() -> known.keySet().stream().sorted().toList());
        if (names.isEmpty()) {
            context.console().empty(Inventory.NONE_YET);
        } else if (number.given()) {
            one(
                    context,
                    store.get(),
                    HereFile.deployment(context, names).map(List::of).orElse(names));
        } else {
            for (String name : names) {
                all(context, store.get(), name);
            }
        }
        return ExitStatus.DONE.code();
    }

    private void all(Context context, Store store, String deployment) {
        context.console().line(deployment);
        List<Release> releases = store.releases(deployment, limit.or(MOST));
        if (releases.isEmpty()) {
            context.console().line("    no release yet");
        }
        for (Release release : releases) {
            context.console().line("    " + summary(release, held(store, deployment)));
            context.console().record("release", fields(release, held(store, deployment)));
        }
    }

    private void one(Context context, Store store, List<String> names) {
        if (names.size() != 1) {
            throw FailureView.usage("say which deployment", "Use -D with one of: " + String.join(", ", names) + ".");
        }
        int wanted;
        try {
            wanted = Integer.parseInt(number.or(""));
        } catch (NumberFormatException notANumber) {
            throw FailureView.usage("'" + number.or("") + "' is not a release's number", "Example: portolan history 3");
        }
        Release release = store.release(names.get(0), wanted).orElseThrow(() -> new Failure(
                        ExitStatus.FAILED, "there is no release " + wanted + " of " + names.get(0))
                .withHint("portolan history -D " + names.get(0) + " shows those that are kept."));
        Console console = context.console();
        BooleanSupplier held = held(store, names.get(0));
        console.line(names.get(0) + "  " + summary(release, held));
        console.line("    from " + release.origin().source());
        release.origin().author().ifPresent(author -> console.line("    author " + author));
        release.services()
                .forEach((service, placed) ->
                        console.line("    " + service + "  version " + placed.version() + "  scale " + placed.scale()));
        console.record("release", fields(release, held));
        for (Release.Event event : release.events()) {
            console.line("    " + Show.time(event.at()) + "  " + about(event) + event.message());
            console.record("event", event(event));
        }
    }

    private static String about(Release.Event event) {
        String subject = event.instance().isEmpty() ? event.service() : event.instance();
        return subject.isEmpty() || event.message().contains(subject) ? "" : subject + "  ";
    }

    private static BooleanSupplier held(Store store, String deployment) {
        return () -> store.holder(deployment).isPresent();
    }

    private static String summary(Release release, BooleanSupplier held) {
        StringBuilder text = new StringBuilder();
        text.append(Show.wide(String.valueOf(release.number()), 4));
        text.append(Show.wide(Show.outcome(release, held), 12));
        text.append(Show.wide(Show.commit(release), 10));
        text.append(Show.time(release.started())).append("  ");
        text.append(Show.wide(Show.duration(release, held, Instant.now()), 10)).append(release.who());
        release.origin().subject().ifPresent(subject -> text.append("  ").append(subject));
        if (!release.cause().isEmpty()) {
            text.append("  (").append(release.cause()).append(')');
        }
        return text.toString();
    }

    static Map<String, Object> fields(Release release, BooleanSupplier held) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("deployment", release.deployment());
        fields.put("number", release.number());
        fields.put("outcome", Show.outcome(release, held));
        fields.put("cause", release.cause());
        fields.put("source", release.origin().source());
        fields.put("commit", release.origin().commit());
        fields.put("dirty", release.origin().dirty());
        fields.put("author", release.origin().author());
        fields.put("subject", release.origin().subject());
        fields.put("who", release.who());
        fields.put("started", release.started());
        fields.put("ended", release.ended());
        Map<String, Object> services = new LinkedHashMap<>();
        release.services()
                .forEach((service, placed) ->
                        services.put(service, Map.of("version", placed.version(), "scale", placed.scale())));
        fields.put("services", services);
        return fields;
    }

    private static Map<String, Object> event(Release.Event event) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("at", event.at());
        fields.put("kind", event.kind());
        fields.put("service", event.service());
        fields.put("instance", event.instance());
        fields.put("message", event.message());
        return fields;
    }
}
