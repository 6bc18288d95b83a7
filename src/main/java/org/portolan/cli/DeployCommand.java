package org.portolan.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.doctor.Finding;
import org.portolan.doctor.FirstDeploy;
import org.portolan.model.Failure;
import org.portolan.model.service.Desired;
import org.portolan.operate.Deployer;
import org.portolan.release.DeployOptions;
import org.portolan.release.Outcome;

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
        SourceOptions.Read read =
                saved.isPresent() ? saved.get().source(context, source) : source.read(context, automatic.given(), true);
        try (FirstDeploy first =
                new FirstDeploy(context.parts(), context.console(), finding -> warn(context, finding))) {
            return deploy(
                    context,
                    interrupts,
                    read,
                    saved,
                    new Deployer(context.parts().installation(first)));
        }
    }

    private static void warn(Context context, Finding finding) {
        context.console()
                .warning(finding.text() + "\n     "
                        + finding.advice().map(Advice::text).orElse(""));
    }

    private int deploy(
            Context context,
            Interrupts interrupts,
            SourceOptions.Read read,
            Optional<SavedPlanFile> saved,
            Deployer deployer) {
        List<Desired> all = SourceOptions.withOrigin(read);
        SourceFiles files = new SourceFiles(context.console(), read);
        saved.ifPresent(kept -> kept.checkDeployments(all));
        int status = ExitStatus.DONE.code();
        int changes = 0;
        for (Desired desired : all) {
            if (interrupts.asked()) {
                return Interrupts.STATUS;
            }
            DeployOptions options =
                    with(options(context, interrupts), saved.map(kept -> kept.fingerprint(desired.name())));
            try {
                Outcome outcome = asking(
                        context.console(),
                        options,
                        agreed -> deployer.deploy(desired, siblings(all, desired), files, agreed));
                record(context.console(), outcome);
                changes += outcome.kind() == Outcome.Kind.NO_CHANGES ? 0 : 1;
                status = Math.max(status, status(outcome));
            } catch (Failure failure) {
                if (all.size() == 1) {
                    throw failure;
                }
                FailureView.show(context.console(), failure);
                changes++;
                status = Math.max(status, ExitStatus.FAILED.code());
            }
        }
        if (status == ExitStatus.DONE.code() && read.complete(context)) {
            changes += asking(context, interrupts, options -> operations(context)
                    .prune(all.getFirst().origin().source(), all, files, options));
        }
        if (changes == 0) {
            context.console().note("No changes.");
        }
        return status;
    }

    private DeployOptions with(DeployOptions base, Optional<String> fingerprint) {
        return base.asking(force.given(), adopt.given(), automatic.given(), retry.given(), fingerprint);
    }

    /** How a plan is made that nobody acts on. */
    static DeployOptions planning(boolean force, boolean adopt) {
        return DeployOptions.by("plan").asking(force, adopt, false, false, Optional.empty());
    }

    /** The other deployments of the same file. */
    static List<Desired> siblings(List<Desired> all, Desired one) {
        List<Desired> others = new ArrayList<>(all);
        others.remove(one);
        return others;
    }
}
