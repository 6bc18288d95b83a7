package org.portolan.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.portolan.install.RepositoryRemotes.AddedRemote;

/** Gives a work tree the remote {@code deploy}. */
final class RemoteAddCommand extends CliCommand {
    private final Syntax.Text path =
            syntax().parameter("PATH", false, "The work tree; default: the working directory.");
    private final Syntax.Text name =
            syntax().text("--name", "NAME", "The source's name; default: the name of the work tree's folder.");
    private final Syntax.Text server = syntax().text(
                    "--server",
                    "HOST[:PORT]|URL",
                    "The Git server of another machine, or the URL of its API to push over HTTP; default: this installation's.");
    private final Syntax.Flag http =
            syntax().flag("--http", "Push to this installation over HTTP; git asks for a token as the password.");

    RemoteAddCommand() {
        super("add", "Add the remote 'deploy' to a work tree; 'git push deploy main' then deploys it.");
    }

    @Override
    int run(Context context) {
        String folder = path.or(".");
        AddedRemote remote = context.parts()
                .addRemote(
                        Path.of(folder),
                        Optional.ofNullable(name.orNull()),
                        Optional.ofNullable(server.orNull()),
                        http.given());
        Console console = context.console();
        if (remote.added()) {
            console.job("Adding remote deploy to repository '" + folder + "'");
            console.detail(remote.url());
        } else {
            console.note("No changes.");
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("source", remote.source());
        fields.put("url", remote.url());
        fields.put("added", remote.added());
        fields.put("repository", remote.repository());
        console.record("remote", fields);
        return ExitStatus.DONE.code();
    }
}
