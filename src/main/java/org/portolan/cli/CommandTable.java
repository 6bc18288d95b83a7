package org.portolan.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.model.event.ReleaseOrder;

/**
 * Every command by name. Only the one that is asked for is made: reading the options of thirty classes would take longer
 * than a deploy without changes.
 */
final class CommandTable {
    /** In the order of the help. */
    static final List<Group> GROUPS = List.of(
            new Group("Servicefiles", List.of("init", "import", "validate", "render", "plan", "deploy")),
            new Group("Looking", List.of("list", "status", "diff", "history", "events", "logs", "inspect")),
            new Group(
                    "Manual changes",
                    List.of(
                            "create-deployment",
                            "set-service",
                            "scale",
                            "stop",
                            "start",
                            "restart",
                            "remove",
                            "exec",
                            "run")),
            new Group(
                    "Releases",
                    List.of("rollback", "unpin", "promote", "abort", "pause", "resume", "suspend", "approve")),
            new Group(
                    "This machine",
                    List.of(
                            "serve",
                            "source",
                            "notify",
                            "webhook",
                            "token",
                            "key",
                            "system",
                            "volume",
                            "secret",
                            "hook",
                            "remote",
                            "doctor",
                            "completion",
                            "help")));

    private CommandTable() {}

    /** Commands that belong together. */
    record Group(String title, List<String> names) {}

    static List<String> names() {
        return GROUPS.stream().flatMap(group -> group.names().stream()).toList();
    }

    /** What to say instead of a command of docker, kubectl, git or Compose. */
    private static final Map<String, String> FOREIGN = Map.ofEntries(
            Map.entry("apply", "deploy"),
            Map.entry("attach", "logs -f' or 'portolan exec -it NAME sh"),
            Map.entry("cancel", "abort"),
            Map.entry("check", "validate"),
            Map.entry("config", "render"),
            Map.entry("continue", "resume"),
            Map.entry("create", "create-deployment"),
            Map.entry("delete", "remove"),
            Map.entry("controller", "serve"),
            Map.entry("daemon", "serve"),
            Map.entry("describe", "inspect"),
            Map.entry("destroy", "remove"),
            Map.entry("down", "stop', 'portolan remove NAME' or 'portolan system down"),
            Map.entry("get", "list"),
            Map.entry("kill", "stop"),
            Map.entry("lint", "validate"),
            Map.entry("log", "logs' or, for releases, 'portolan history"),
            Map.entry("ls", "list"),
            Map.entry("ps", "status"),
            Map.entry("reload", "restart"),
            Map.entry("revert", "rollback"),
            Map.entry("rm", "remove"),
            Map.entry("rollout", "status"),
            Map.entry("secrets", "secret list"),
            Map.entry("set", "set-service"),
            Map.entry("sh", "exec -it NAME sh"),
            Map.entry("shell", "exec -it NAME sh"),
            Map.entry("show", "status"),
            Map.entry("sources", "source list"),
            Map.entry("stats", "status"),
            Map.entry("top", "status"),
            Map.entry("undo", "rollback"),
            Map.entry("up", "deploy"),
            Map.entry("version", "--version"),
            Map.entry("volumes", "volume list"));

    /** The hint for a command's name that other tools have and Portolan has not. */
    static Optional<String> instead(String name) {
        return Optional.ofNullable(FOREIGN.get(name)).map(own -> "Use 'portolan " + own + "'.");
    }

    /** A new command of that name; null when there is none. */
    static @Nullable CliCommand create(String name) {
        return switch (name) {
            case "validate" -> new ValidateCommand();
            case "render" -> new RenderCommand();
            case "plan" -> new PlanCommand();
            case "deploy" -> new DeployCommand();
            case "set-service" -> new SetServiceCommand();
            case "create-deployment" -> new CreateDeploymentCommand();
            case "scale" -> new ScaleCommand();
            case "stop" -> new ServicesCommand(ServicesCommand.Verb.STOP);
            case "start" -> new ServicesCommand(ServicesCommand.Verb.START);
            case "restart" -> new ServicesCommand(ServicesCommand.Verb.RESTART);
            case "rollback" -> new RollbackCommand();
            case "unpin" -> new UnpinCommand();
            case "promote" ->
                new OrderCommand("promote", "Continue a canary release that waits for it.", ReleaseOrder.PROMOTE);
            case "abort" -> new OrderCommand("abort", "Roll back the release in progress.", ReleaseOrder.ABORT);
            case "pause" ->
                new OrderCommand("pause", "Pause the release in progress: no new steps start.", ReleaseOrder.PAUSE);
            case "resume" -> new ResumeCommand();
            case "suspend" -> new SuspendCommand();
            case "approve" -> new ApproveCommand();
            case "remove" -> new RemoveCommand();
            case "list" -> new ListCommand();
            case "status" -> new StatusCommand();
            case "diff" -> new DiffCommand();
            case "history" -> new HistoryCommand();
            case "events" -> new EventsCommand();
            case "logs" -> new LogsCommand();
            case "inspect" -> new InspectCommand();
            case "exec" -> new ExecCommand();
            case "run" -> new RunCommand();
            case "hook" -> new HookCommand();
            case "remote" -> new RemoteCommand();
            case "serve" -> new ServeCommand();
            case "source" -> new SourceCommand();
            case "notify" -> new NotifyCommand();
            case "webhook" -> new WebhookCommand();
            case "token" -> new TokenCommand();
            case "key" -> new KeyCommand();
            case "system" -> new SystemCommand();
            case "secret" -> new SecretCommand();
            case "volume" -> new VolumeCommand();
            case "doctor" -> new DoctorCommand();
            case "init" -> new InitCommand();
            case "import" -> new ImportCommand();
            case "completion" -> new CompletionCommand();
            case "help" -> new HelpCommand();
            default -> null;
        };
    }
}
