package org.portolan.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.portolan.doctor.Finding;
import org.portolan.doctor.FirstDeploy;
import org.portolan.model.Failure;
import org.portolan.model.NeedsConsent;
import org.portolan.release.DeployOptions;
import org.portolan.release.Outcome;
import org.portolan.sync.LoadedSource;
import org.portolan.sync.SavedPlanFile;
import org.portolan.sync.Sync;

/** Brings what runs to where a Servicefile says. */
final class DeployCommand extends ChangeCommand {
    private final SourceOptions source = new SourceOptions(syntax());
    private final Syntax.Text plan = syntax().text("--plan", "FILE", "Deploy a saved plan, if it is still valid.");
    private final Syntax.Flag force = syntax().flag("--force", "Create new versions of all services.");
    private final Syntax.Flag adopt = syntax().flag("--adopt", "Take over instances of another installation.");
    private final Syntax.Flag retry = syntax().flag("--retry", "With --automatic: retry a commit that failed before.");
    private final Syntax.Flag automatic = syntax().flag(
                    "--automatic",
                    "For hooks: take nothing over, keep rollbacks, and get %%NAME%% from the configuration.");

    DeployCommand() {
        super("deploy", "Deploy a Servicefile.");
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
        DeployOptions options =
                options(context, interrupts).asking(force.given(), adopt.given(), automatic.given(), retry.given());
        try (FirstDeploy first =
                new FirstDeploy(context.parts(), context.console(), finding -> warn(context, finding))) {
            return show(
                    context,
                    new Sync(context.parts().installation(first)).deploy(read, saved, options, watcher(context)));
        }
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

    /** How a plan is made that nobody acts on. */
    static DeployOptions planning(boolean force, boolean adopt) {
        return DeployOptions.by("plan").asking(force, adopt, false, false);
    }
}
