package org.portolan.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.portolan.config.NewSource;
import org.portolan.controller.SourceBook;

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
        SourceBook book = context.parts().sourceBook(context.environment());
        NewSource source = source(book.here() ? new Place.Here() : new Place.Elsewhere());
        boolean led = context.parts().through()
                || SourceCommand.status(context).leader().isPresent();
        String file = book.add(source.name(), source.keys(), any -> true);
        Console console = context.console();
        console.job("Added source " + source.name() + " to " + file);
        console.line(
                led
                        ? "the controller follows it within seconds; `portolan status` shows how it stands"
                        : "no controller runs: `portolan serve` starts one");
        console.record("source", Map.of("name", source.name(), "file", file));
        return ExitStatus.DONE.code();
    }

    /** Where paths are that somebody writes: beside the file which they go into, or not. */
    private sealed interface Place {
        Path WORKING = Path.of("").toAbsolutePath();

        String path(String text);

        /** From where a person stands. */
        record Here() implements Place {
            @Override
            public String path(String text) {
                return WORKING.resolve(text).toString();
            }
        }

        /** Of the controller's machine: whole ones, since nobody stands there. */
        record Elsewhere() implements Place {
            @Override
            public String path(String text) {
                if (!text.startsWith("/")) {
                    throw FailureView.usage(
                            "'" + text + "' is a path of this machine, and the configuration is the controller's",
                            "Write the whole path on the controller's machine.");
                }
                return text;
            }
        }
    }

    private NewSource source(Place place) {
        String address = url.or("");
        if (NewSource.isRelative(address, Place.WORKING)) {
            address = place.path(address);
        }
        String called = name.given() ? name.or("") : NewSource.nameOf(address, Place.WORKING);
        if (!NewSource.isName(called)) {
            throw FailureView.usage(
                    "'" + called + "' is not a valid name of a source",
                    "Use --name with letters, digits, hyphens and _, at most 63.");
        }
        LinkedHashMap<String, String> keys = new LinkedHashMap<>();
        keys.put("url", NewSource.address(address, Place.WORKING));
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
                    where.startsWith(REFERENCE) ? REFERENCE + place.path(where.substring(REFERENCE.length())) : where);
        }
        if (key.given()) {
            keys.put("credentials.key", place.path(key.or("")));
        }
        if (hosts.given()) {
            keys.put("credentials.known_hosts", place.path(hosts.or("")));
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
