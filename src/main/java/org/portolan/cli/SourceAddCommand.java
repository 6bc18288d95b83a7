package org.portolan.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.portolan.config.ConfigurationEditor;
import org.portolan.config.NewSource;

/** Writes a source into the configuration's file. */
final class SourceAddCommand extends CliCommand {
    private static final String REFERENCE = "file:";

    private final Syntax.Text url = syntax().parameter("URL", true, "The repository's address, or its path.");
    private final Syntax.Text name =
            syntax().text("--name", "NAME", "What it is called; default: the last part of the address.");
    private final Syntax.Text ref =
            syntax().text("--ref", "REF", "A branch, tag or commit, or a pattern of branches; default: HEAD.");
    private final Syntax.Text path =
            syntax().text("--path", "PATH", "The Servicefile or its folder in the repository, or a pattern.");
    private final Syntax.Texts branches = syntax().texts(
                    "--branch", "BRANCH=DEPLOYMENT", "Instead of --ref: a branch and the deployment that it deploys.");
    private final Syntax.Texts parameters =
            syntax().texts("--param", "NAME=VALUE", "A parameter's value; overrides the file.");
    private final Syntax.Texts variables =
            syntax().texts("--var", "NAME=VALUE", "What %%NAME%% in the Servicefile stands for.");
    private final Syntax.Text poll = syntax().text("--poll", "TIME", "How often to look; default: 60s.");
    private final Syntax.Text sync =
            syntax().text("--sync", "auto|report", "report: show what differs, change nothing.");
    private final Syntax.Text username = syntax().text("--username", "NAME", "The name to fetch it with.");
    private final Syntax.Text password = syntax().text(
                    "--password", "REF", "Where its password or token is: env:NAME or file:PATH; read at each fetch.");
    private final Syntax.Text key = syntax().text("--key", "FILE", "The private key to fetch it with by ssh.");
    private final Syntax.Text hosts = syntax().text("--known-hosts", "FILE", "With --key: the host's keys.");

    SourceAddCommand() {
        super("add", "Add a source to the configuration; a controller that runs follows it within seconds.");
    }

    @Override
    int run(Context context) {
        boolean led = SourceCommand.status(context).leader().isPresent();
        NewSource source = source(Path.of("").toAbsolutePath());
        Path file =
                new ConfigurationEditor(context.environment(), context.parts().home()).add(source);
        Console console = context.console();
        console.job("Added source " + source.name() + " to " + file);
        console.line(
                led
                        ? "the controller follows it within seconds; `portolan status` shows how it stands"
                        : "no controller runs: `portolan serve` starts one");
        console.record("source", Map.of("name", source.name(), "file", file.toString()));
        return ExitStatus.DONE.code();
    }

    private NewSource source(Path here) {
        String address = url.or("");
        String called = name.given() ? name.or("") : NewSource.nameOf(address, here);
        if (!NewSource.isName(called)) {
            throw FailureView.usage(
                    "'" + called + "' is not a valid name of a source",
                    "Use --name with letters, digits, hyphens and _, at most 63.");
        }
        LinkedHashMap<String, String> keys = new LinkedHashMap<>();
        keys.put("url", NewSource.address(address, here));
        put(keys, "path", path);
        put(keys, "ref", ref);
        pairs("--branch", branches.all(), "main=production")
                .forEach((name, value) -> keys.put("branches." + name, value));
        put(keys, "poll", poll);
        put(keys, "sync", sync);
        if (keys.size() == (keys.containsKey("path") ? 2 : 1)) {
            // One that says nothing more is not followed.
            keys.put("poll", "60s");
        }
        pairs("--param", parameters.all(), "size=small")
                .forEach((name, value) -> keys.put("parameters." + name, value));
        pairs("--var", variables.all(), "TAG=1.5").forEach((name, value) -> keys.put("env." + name, value));
        put(keys, "credentials.username", username);
        if (password.given()) {
            String where = password.or("");
            keys.put(
                    "credentials.password",
                    where.startsWith(REFERENCE)
                            ? REFERENCE + here.resolve(where.substring(REFERENCE.length()))
                            : where);
        }
        if (key.given()) {
            keys.put("credentials.key", here.resolve(key.or("")).toString());
        }
        if (hosts.given()) {
            keys.put("credentials.known_hosts", here.resolve(hosts.or("")).toString());
        }
        return new NewSource(called, keys);
    }

    private static void put(Map<String, String> keys, String key, Syntax.Text option) {
        if (option.given()) {
            keys.put(key, option.or(""));
        }
    }

    private static Map<String, String> pairs(String option, List<String> given, String example) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : given) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw FailureView.usage(option + " needs NAME=VALUE", "Example: " + option + " " + example);
            }
            pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return pairs;
    }
}
