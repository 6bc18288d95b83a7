package org.portolan.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.portolan.install.RepositoryHooks;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.sync.AutomaticEnvironment;

/** Puts the hook into a bare repository. */
final class HookInstallCommand extends CliCommand {
    private final Syntax.Text repository =
            syntax().parameter("REPOSITORY", true, "A bare Git repository on this machine.");
    private final Syntax.Text branch =
            syntax().text("--branch", "NAME", "The branch to deploy; default: the branch of HEAD.");
    private final Syntax.Text path =
            syntax().text("--path", "PATH", "The Servicefile, or its folder, in the repository.");

    HookInstallCommand() {
        super("install", "Install a post-receive hook in a bare repository, which deploys each push to the branch.");
    }

    @Override
    int run(Context context) {
        String launcher = System.getProperty("portolan.launcher", "");
        if (launcher.isEmpty() || !Files.isExecutable(Path.of(launcher))) {
            throw new Failure(Kind.REFUSED, "the path of the launcher is unknown: the program was started without it")
                    .withHint("run scripts/portolan");
        }
        RepositoryHooks.InstalledHook installed = context.parts()
                .installHook(
                        Path.of(repository.or("")),
                        Optional.ofNullable(branch.orNull()),
                        path.or(""),
                        context.options().deployment(),
                        Path.of(launcher));
        Console console = context.console();
        String what = installed
                .branch()
                .map(name -> "a push to " + name + " deploys")
                .orElse("a push to HEAD's branch deploys");
        console.job((installed.replaced() ? "Replaced " : "Installed ") + installed.file() + ": " + what);
        console.detail(new AutomaticEnvironment(context.parts(), context.environment())
                .hint(Path.of(repository.or("")), path.or("")));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("file", installed.file());
        fields.put("branch", installed.branch());
        fields.put("replaced", installed.replaced());
        console.record("hook", fields);
        return ExitStatus.DONE.code();
    }
}
