package org.portolan.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.servicefile.Servicefiles;

/** Writes a first, commented Servicefile from a few answers or options. */
final class InitCommand extends CliCommand {
    private final Syntax.Text file = syntax().parameter("FILE", false, "The file to write; default: Servicefile.");
    private final Syntax.Text service = syntax().text("--service", "NAME", "The first service's name; default: web.");
    private final Syntax.Text image = syntax().text("--image", "IMAGE", "Its image.");
    private final Syntax.Text port = syntax().text("--port", "PORT", "The port that it listens on; default: none.");
    private final Syntax.Text health =
            syntax().text("--health", "PATH", "A path that answers 200 when the service is healthy, such as /up.");
    private final Syntax.Text volume =
            syntax().text("--volume", "PATH", "A folder in the container to keep as a volume.");
    private final Syntax.Text domain = syntax().text("--domain", "HOST", "The host name that leads to it.");
    private final Syntax.Text from = syntax().text(
                    "--from",
                    "TEMPLATE",
                    "Copy a shipped template: " + String.join(", ", Servicefiles.templates())
                            + ". --image and --domain replace its defaults.");
    private final Syntax.Flag force = syntax().flag("--force", "Replace an existing file.");

    InitCommand() {
        super("init", "Create a commented Servicefile from answers, options or a template.");
    }

    @Override
    boolean asks() {
        return false;
    }

    @Override
    int run(Context context) {
        Console console = context.console();
        Path path = Path.of(file.or("Servicefile"));
        if (Files.exists(path) && !force.given()) {
            throw new Failure(Kind.REFUSED, path + " already exists")
                    .withHint("choose another name, or replace it with --force");
        }
        if (from.given()) {
            TemplateCopy copy = copied(context);
            write(path, copy.text());
            return wrote(path, copy.firsts(), console);
        }
        if (!console.asks() && !image.given()) {
            throw FailureView.usage(
                    "the image is missing",
                    "There is no terminal to ask for it: use --image IMAGE, and --port, --domain, --health;"
                            + " or --from TEMPLATE.");
        }
        if (domain.given() && image.given() && !port.given()) {
            throw FailureView.usage(
                    "--domain needs --port: a domain leads to a port of the service",
                    "For example: --port 8000 --domain " + domain.or(""));
        }
        Answers answers = answers(console, context);
        if (!answers.domain().isEmpty() && answers.port().isEmpty()) {
            console.warning("the domain " + answers.domain() + " is commented out: " + answers.service()
                    + " has no port; add one, and remove the #");
        }
        write(path, answers.text());
        return wrote(path, List.of(), console);
    }

    private TemplateCopy copied(Context context) {
        for (Map.Entry<String, Syntax.Text> option : Map.of(
                        "--service", service, "--port", port, "--health", health, "--volume", volume)
                .entrySet()) {
            if (option.getValue().given()) {
                throw FailureView.usage(
                        option.getKey() + " cannot be used with --from", "Edit the file that --from writes.");
            }
        }
        Map<String, String> given = new TreeMap<>();
        if (image.given()) {
            given.put("image", checked("image", image.or("")));
        }
        if (domain.given()) {
            given.put("domain", checked("domain", domain.or("")));
        }
        String deployment = context.options().deployment().orElseGet(InitCommand::folderName);
        return TemplateCopy.of(from.or(""), checkedName("deployment", deployment), given);
    }

    private static int wrote(Path path, List<String> firsts, Console console) {
        console.job("Wrote " + path);
        firsts.forEach(first -> console.detail("first: " + first));
        console.detail("portolan validate " + path + "   check it");
        console.detail("portolan plan " + path + "       show what a deploy would do");
        console.detail("portolan deploy " + path + "     deploy it");
        console.record("file", Map.of("path", path.toString()));
        return ExitStatus.DONE.code();
    }

    private Answers answers(Console console, Context context) {
        boolean asks = console.asks() && !image.given();
        String deployment = context.options().deployment().orElseGet(InitCommand::folderName);
        return new Answers(
                checkedName("deployment", ask(console, asks, "Name of the deployment", deployment)),
                checkedName("service", given(console, asks, service, "Name of the first service", "web")),
                checked("image", given(console, asks, image, "Its image", "nginx:1.27")),
                checkedPort(given(console, asks, port, "The port that it listens on (empty: none)", "")),
                checked(
                        "health path",
                        given(console, asks, health, "A path that answers 200 when it is healthy (empty: none)", "")),
                checked("volume", given(console, asks, volume, "A folder in it to keep as a volume (empty: none)", "")),
                checked("domain", given(console, asks, domain, "The host name that leads to it (empty: none)", "")));
    }

    private static String given(Console console, boolean asks, Syntax.Text option, String question, String otherwise) {
        return option.given() ? option.or("") : ask(console, asks, question, otherwise);
    }

    private static String ask(Console console, boolean asks, String question, String otherwise) {
        if (!asks) {
            return otherwise;
        }
        String answer = console.ask(question + (otherwise.isEmpty() ? "" : " [" + otherwise + "]") + ": ");
        return answer.isEmpty() ? otherwise : answer;
    }

    private static String folderName() {
        Path name = Path.of("").toAbsolutePath().getFileName();
        StringBuilder text = new StringBuilder();
        for (char letter :
                (name == null ? "" : name.toString()).toLowerCase(Locale.ROOT).toCharArray()) {
            boolean plain = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
            if (plain) {
                text.append(letter);
            } else if (!text.isEmpty() && text.charAt(text.length() - 1) != '-') {
                text.append('-');
            }
        }
        while (!text.isEmpty() && text.charAt(text.length() - 1) == '-') {
            text.setLength(text.length() - 1);
        }
        return text.isEmpty() ? "site" : text.toString();
    }

    private static String checkedName(String what, String name) {
        for (int index = 0; index < name.length(); index++) {
            char letter = name.charAt(index);
            boolean plain = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-';
            if (!plain || (index == 0 && letter == '-')) {
                throw FailureView.usage("'" + name + "' is not a valid name for a " + what, "Use a-z, 0-9 and '-'.");
            }
        }
        return checked(what, name);
    }

    private static String checked(String what, String value) {
        for (int index = 0; index < value.length(); index++) {
            if (value.charAt(index) <= ' ' || "\"'\\{}[]#,".indexOf(value.charAt(index)) >= 0) {
                throw FailureView.usage(
                        "'" + value + "' is not a valid " + what, "It must not contain blanks, quotes or brackets.");
            }
        }
        return value;
    }

    private static String checkedPort(String value) {
        boolean digits = value.length() <= 5 && value.chars().allMatch(letter -> letter >= '0' && letter <= '9');
        if (!value.isEmpty() && (!digits || Integer.parseInt(value) < 1 || Integer.parseInt(value) > 65535)) {
            throw FailureView.usage("'" + value + "' is not a port", "A port is a number from 1 to 65535.");
        }
        return value;
    }

    private void write(Path path, String text) {
        try {
            Files.write(
                    path,
                    text.getBytes(StandardCharsets.UTF_8),
                    force.given() ? StandardOpenOption.CREATE : StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING);
        } catch (FileAlreadyExistsException meanwhile) {
            throw new Failure(Kind.REFUSED, path + " already exists");
        } catch (IOException unwritable) {
            throw new Failure(Kind.FAILED, "cannot write " + path + ": " + unwritable.getMessage());
        }
    }

    /** What goes into the file; "" for what was left out. */
    private record Answers(
            String deployment, String service, String image, String port, String health, String volume, String domain) {

        String text() {
            StringBuilder text = new StringBuilder();
            text.append("# `portolan validate` checks this file, `portolan plan` shows what a deploy would do,\n");
            text.append("# `portolan deploy` deploys it. All keys: docs/servicefile.md\n");
            text.append("Name: ").append(deployment).append("   # the deployment's name, unless -D is given\n\n");
            text.append(service).append(":\n");
            text.append("  image: ").append(image).append('\n');
            line(text, !port.isEmpty(), "port: " + (port.isEmpty() ? "8000" : port), "the container's port");
            line(
                    text,
                    !health.isEmpty(),
                    "health: {http: " + (health.isEmpty() ? "/up" : health) + "}",
                    "gets traffic when this path answers 200");
            line(
                    text,
                    !volume.isEmpty(),
                    "volumes: {data: " + (volume.isEmpty() ? "/srv/data" : volume) + "}",
                    "kept across versions");
            line(text, false, "env: {LOG_LEVEL: info}", "environment variables");
            line(text, false, "scale: 2", "number of instances");
            text.append('\n');
            String section =
                    "Domains:\n  " + (domain.isEmpty() ? "example.org" : domain) + ":\n    http: " + service + "\n";
            text.append(
                    domain.isEmpty() || port.isEmpty() ? "# " + section.strip().replace("\n", "\n# ") + "\n" : section);
            return text.toString();
        }

        private static void line(StringBuilder text, boolean wanted, String line, String meaning) {
            text.append(wanted ? "  " : "  # ")
                    .append(Show.wide(line, 40))
                    .append("  # ")
                    .append(meaning)
                    .append('\n');
        }
    }
}
