package org.portolan.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.Durations;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.JobRun;
import org.portolan.model.state.Release;
import org.portolan.model.state.Standing;
import org.portolan.query.ControllerStatus;
import org.portolan.query.DeploymentStatus;
import org.portolan.query.InstanceStatus;
import org.portolan.query.ReleaseSummary;
import org.portolan.query.ServiceSummary;
import org.portolan.query.StatusReport;
import org.portolan.query.json.StatusJson;

/** Shows how deployments are: last release, what runs of what should, where it is reached. */
final class StatusCommand extends CliCommand {
    private final Syntax.Text name =
            syntax().parameter("DEPLOYMENT", false, "The deployment to show, like -D; default: all.");

    StatusCommand() {
        super("status", "Show the state of deployments: last release, instances, addresses.");
    }

    @Override
    int run(Context context) {
        Optional<String> asked = DeploymentChoice.asked(context, name);
        StatusReport report = context.queries().status(asked, context.console()::warning);
        if (report.deployments().isEmpty()) {
            context.console().empty(DeploymentChoice.NONE_YET);
        }
        report.deployments().forEach(status -> show(context.console(), status));
        if (asked.isEmpty()) {
            controller(context.console(), report.controller());
        }
        return ExitStatus.DONE.code();
    }

    private static void show(Console console, DeploymentStatus status) {
        console.line(status.name() + status.last().map(StatusCommand::headline).orElse("  no releases yet"));
        status.state().ifPresent(state -> console.line("    from " + state.owner()));
        status.conditions().forEach(condition -> console.line("    " + condition));
        console.record("deployment", StatusJson.deployment(status));
        status.services().forEach(service -> service(console, service));
        status.state().map(DeploymentState::jobs).orElse(List.of()).forEach(job -> job(console, status, job));
        if (status.services().isEmpty()) {
            console.line("    no services");
        }
        domains(console, status);
    }

    /** Who leads, and how the sources stand; nothing where there never was a controller. */
    private static void controller(Console console, ControllerStatus status) {
        status.leader().ifPresent(leader -> {
            console.line("controller  " + leader);
            console.record("controller", Map.of("leader", leader));
        });
        status.configuration().ifPresent(file -> {
            console.line("configuration " + file.name() + "  "
                    + String.join("; ", status.words(Standing.Subject.CONFIGURATION, file.name())));
            console.record("configuration", StatusJson.source(file));
        });
        status.api().ifPresent(api -> {
            console.line("api  " + String.join("; ", status.words(Standing.Subject.CONTROLLER, api.name())));
            console.record("api", StatusJson.source(api));
        });
        for (Standing source : status.sources()) {
            console.line("source " + source.name()
                    + (source.commit().isEmpty() ? "" : "  commit " + Show.commit(source.commit()))
                    + "  " + words(status, source));
            console.record("source", StatusJson.source(source));
        }
    }

    private static String words(ControllerStatus status, Standing source) {
        List<String> words = status.words(Standing.Subject.SOURCE, source.name());
        return words.isEmpty() ? "ok, last read " + Show.time(source.at()) : String.join("; ", words);
    }

    private static String headline(ReleaseSummary view) {
        Release release = view.release();
        String commit = release.origin().commit().isPresent() ? "  " + Show.commit(release) : "";
        return "  release " + release.number() + " " + view.outcome() + commit + "  "
                + Show.time(release.ended().orElse(release.started()))
                + (release.cause().isEmpty() ? "" : "  (" + release.cause() + ")");
    }

    private static void service(Console console, DeploymentStatus.Service status) {
        ServiceSummary service = status.service();
        List<String> ports = new ArrayList<>();
        status.meshPorts()
                .forEach((port, number) -> ports.add((port.isEmpty() ? "" : port + " ") + "on mesh port " + number));
        console.line("    " + service.name() + "  "
                + status.image().map(text -> text + "  ").orElse("")
                + service.placed()
                        .map(placed -> "version " + placed.version() + "  ")
                        .orElse("")
                + standing(service) + (service.stopped() ? "  stopped" : "")
                + service.held().map(why -> "  held: " + why).orElse("")
                + (ports.isEmpty() ? "" : "  " + Show.some(ports)));
        console.record("service", StatusJson.service(status));
        status.instances().forEach(instance -> instance(console, service, instance));
    }

    /** {@code 2 of 2 running}, {@code 1 of 1 completed}, {@code 1 of 2 running, 1 completed}. */
    private static String standing(ServiceSummary service) {
        String of = service.placed().map(placed -> " of " + placed.scale()).orElse("");
        long completed = service.completed();
        if (completed > 0 && service.running() == 0) {
            return completed + of + " completed";
        }
        return service.running() + of + " running" + (completed > 0 ? ", " + completed + " completed" : "");
    }

    private static void instance(Console console, ServiceSummary service, InstanceStatus instance) {
        List<String> addresses = instance.addresses();
        boolean completed = service.completed(instance.container());
        console.line("        " + (completed ? ListCommand.COMPLETED : Show.state(instance.container())) + "  "
                + instance.id()
                + (addresses.isEmpty() ? "" : "  at " + Show.some(addresses))
                + instance.health().map(word -> "  " + word).orElse(""));
        console.record("instance", StatusJson.instance(service, instance));
    }

    /** How a job of a version in place ended last. */
    private static void job(Console console, DeploymentStatus status, JobRun job) {
        if (!StatusJson.shown(status, job)) {
            return;
        }
        console.line("    job " + job.job() + "  of " + job.service() + " version " + job.version() + "  " + job.how()
                + job.took().map(took -> " in " + Durations.rough(took)).orElse("") + "  release " + job.release());
        console.record("job", StatusJson.job(status, job));
    }

    private static void domains(Console console, DeploymentStatus status) {
        for (DeploymentState.Claim claim : status.domains()) {
            console.line("    " + claim.host() + (claim.path().equals("/") ? "" : claim.path())
                    + (status.logged().contains(claim.host()) ? "  access log" : ""));
            console.record("domain", StatusJson.domain(status, claim));
        }
    }
}
