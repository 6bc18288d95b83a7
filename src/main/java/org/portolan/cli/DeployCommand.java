package org.portolan.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.portolan.doctor.Finding;
import org.portolan.model.Failure;
import org.portolan.model.NeedsConsent;
import org.portolan.operate.Caller;
import org.portolan.operate.Request;
import org.portolan.release.Outcome;
import org.portolan.sync.Deploys;
import org.portolan.sync.LoadedSource;
import org.portolan.sync.SavedPlanFile;
import org.portolan.sync.Sync;

/** Brings what runs to where a Servicefile says. */
final class DeployCommand extends ReasonedCommand {
    private final SourceOptions source = new SourceOptions(syntax());
    private final Syntax.Text plan = syntax().text("--plan", "FILE", "Deploy a saved plan, if it is still valid.");
    private final Syntax.Flag force = syntax().flag("--force", "Create new versions of all services.");
    private final Syntax.Flag adopt = syntax().flag("--adopt", "Take over instances of another installation.");
    private final Syntax.Text project = syntax().text(
                    "--adopt-containers",
                    "PROJECT",
                    "Take the place of a Compose project: stop its containers of the declared services first, remove them when"
                            + " all went well.");
    private final Syntax.Flag retry = syntax().flag("--retry", "With --automatic: retry a commit that failed before.");
    private final Syntax.Flag automatic = syntax().flag(
                    "--automatic",
                    "For hooks: take nothing over, keep rollbacks, and get %%NAME%% from the configuration.");

    private final Syntax.Text override = freezeOption(syntax());

    DeployCommand() {
        super("deploy", "Deploy a Servicefile.");
    }

    @Override
    String overridesFreeze() {
        return given(override);
    }

    @Override
    int change(Context context, Interrupts interrupts) {
        Optional<SavedPlanFile> saved =
                plan.given() ? Optional.of(SavedPlanFile.read(Path.of(plan.or("")))) : Optional.empty();
        LoadedSource read = source.load(
                context,
                saved.map(kept -> kept.request(
                                source.parameters(),
                                source.gitAddress(),
                                context.options().deployment()))
                        .orElseGet(() -> source.request(context, automatic.given(), true)));
        Request.Apply.Terms terms = new Request.Apply.Terms(
                force.given(), adopt.given(), Optional.ofNullable(project.orNull()), Optional.empty());
        Deploys deploys = context.parts().deploys(context.console(), finding -> warn(context, finding));
        return show(
                context,
                deploys.deploy(
                        read,
                        saved.map(SavedPlanFile::expected),
                        terms,
                        mandate(context),
                        options(interrupts),
                        watcher(context)));
    }

    @Override
    Caller caller(String name) {
        return automatic.given() ? new Caller.Hook(name, retry.given()) : super.caller(name);
    }

    private static int show(Context context, Sync.Result result) {
        if (result.interrupted()) {
            return Interrupts.STATUS;
        }
        if (result.changes() == 0) {
            context.console().note("No changes.");
        }
        return result.failed() ? ExitStatus.FAILED.code() : ExitStatus.DONE.code();
    }

    private static Sync.Watcher watcher(Context context) {
        return new Sync.Watcher() {
            @Override
            public void done(Outcome outcome) {
                record(context.console(), outcome);
            }

            @Override
            public void failed(Failure failure) {
                FailureView.show(context.console(), failure);
            }

            @Override
            public boolean agrees(NeedsConsent needs) {
                return ChangeCommand.agrees(context.console(), needs);
            }

            @Override
            public void moved(String text) {
                context.console().note(text);
            }
        };
    }

    private static void warn(Context context, Finding finding) {
        context.console()
                .warning(finding.text() + "\n     "
                        + finding.advice().map(Advice::text).orElse(""));
    }
}
