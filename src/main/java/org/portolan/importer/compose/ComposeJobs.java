package org.portolan.importer.compose;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.EnvFileDraft;
import org.portolan.importer.draft.Intake;
import org.portolan.importer.draft.Part;
import org.portolan.importer.draft.Remark;
import org.portolan.importer.draft.ServiceDraft;

/**
 * Services that run once while others wait for their end, such as migrations. A job runs in a version of another service, so
 * one that has its image, variables and volumes is looked for among those that wait.
 */
final class ComposeJobs {
    /** What a job says itself, or what follows from being one. */
    private static final Set<String> OWN =
            Set.of("image", "pull", "cmd", "env", "env_files", "require", "restart", "network");

    private final ComposeContext context;
    private final Intake intake;

    ComposeJobs(ComposeContext context, Intake intake) {
        this.context = context;
        this.intake = intake;
    }

    void write() {
        context.ends().forEach((once, waiting) -> {
            ServiceDraft service = context.draft().services().get(context.named(once));
            if (service == null) {
                waiting.values().forEach(at -> at.lost("this file has no service " + once));
                return;
            }
            Optional<String> host = waiting.keySet().stream()
                    .filter(name -> canRunIn(once, service, name))
                    .findFirst();
            if (host.isPresent()) {
                job(once, service, host.get(), waiting);
            } else {
                service.keys().put("scale", Part.plain(0));
                service.keys().comment("scale", "it runs once and ends: run it by hand before the deploy");
                waiting.values()
                        .forEach(
                                at -> at.lost(service.name() + " runs once and ends. A job runs in a version of another"
                                        + " service; none that waits for it has its image, variables and volumes"));
            }
        });
    }

    private boolean canRunIn(String once, ServiceDraft service, String name) {
        ServiceDraft host = context.draft().services().get(context.named(name));
        if (host == null || service.keys().get("cmd") == null || !service.same("entrypoint", host)) {
            return false;
        }
        String build = context.buildOf(once);
        boolean image = build.isEmpty() ? service.same("image", host) : build.equals(context.buildOf(name));
        boolean others = service.keys().entries().keySet().stream()
                .filter(key -> !OWN.contains(key))
                .allMatch(key -> service.same(key, host));
        Part restart = service.keys().get("restart");
        boolean ends = restart == null || restart.equals(Part.plain("no"));
        return image && others && ends && secrets(service, host);
    }

    /** Whether the secrets of the one are among those of the other. */
    private boolean secrets(ServiceDraft service, ServiceDraft host) {
        if (!(service.keys().get("env_files") instanceof Part.Items own)) {
            return true;
        }
        Part theirs = host.keys().get("env_files");
        for (Part file : own.items()) {
            boolean shared = theirs instanceof Part.Items items && items.items().contains(file);
            EnvFileDraft secrets = context.draft().files().get(service.name() + ".secrets.env");
            EnvFileDraft others = context.draft().files().get(host.name() + ".secrets.env");
            boolean generated = file.equals(Part.text(service.name() + ".secrets.env"));
            if (!shared && !(generated && secrets != null && others != null && secrets.within(others))) {
                return false;
            }
        }
        return true;
    }

    private void job(String once, ServiceDraft service, String name, Map<String, Cursor> waiting) {
        ServiceDraft host = context.draft().services().get(context.named(name));
        Part command = service.keys().get("cmd");
        if (host == null || command == null) {
            return;
        }
        Part.Fields job = context.draft().section("Exec").map(service.name());
        job.put("service", host.name());
        job.put("cmd", command);
        Part env = service.keys().get("env");
        if (env instanceof Part.Fields variables) {
            Part theirs = host.keys().get("env");
            variables.entries().forEach((variable, value) -> {
                boolean same = theirs instanceof Part.Fields others && value.equals(others.get(variable));
                if (!same) {
                    job.map("env").put(variable, value);
                }
            });
        }
        Part require = service.keys().get("require");
        if (require != null && !service.same("require", host)) {
            job.put("require", require);
        }
        context.draft().remove(service.name());
        context.draft().files().remove(service.name() + ".secrets.env");
        intake.retract(Remark.Kind.TO_DO, "services." + once + ".build");
        waiting.forEach((other, at) -> {
            ServiceDraft draft = context.draft().services().get(context.named(other));
            if (draft != null && !other.equals(name)) {
                draft.keys().add("require", Part.text(service.name()));
            }
        });
    }
}
