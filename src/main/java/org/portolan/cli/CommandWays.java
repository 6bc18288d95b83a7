package org.portolan.cli;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/** For each command who does its work: this process, or a controller. Each command is here, and docs/controller.md has the table. */
public final class CommandWays {
    private CommandWays() {}

    /** Who does it. */
    enum Way {
        /** Needs neither engine nor store. */
        FILES("itself", "itself", "itself"),
        /** The one that leads, wherever it is. */
        CONTROLLER("itself", "the controller", "the controller"),
        /** The file is this machine's, unless another one is named. */
        ELSEWHERE("itself", "itself", "the controller"),
        /** What is of the machine, or lets others in. */
        MACHINE("itself", "itself", "refused");

        private final String alone;
        private final String socket;
        private final String url;

        Way(String alone, String socket, String url) {
            this.alone = alone;
            this.socket = socket;
            this.url = url;
        }

        private List<String> cells() {
            return List.of(alone, socket, url);
        }
    }

    /**
     * A command with the options that differ.
     *
     * @param note "" for none
     */
    private record Known(Way way, String note) {}

    private static final SequencedMap<String, Known> ALL = new LinkedHashMap<>();

    static {
        put(Way.FILES, "", "init", "validate", "completion", "help");
        put(
                Way.FILES,
                "with `--running` it asks this machine's engine, which is refused with `PORTOLAN_URL`",
                "import");
        put(Way.CONTROLLER, "without `--haproxy` and `--nginx` by itself", "render");
        put(Way.CONTROLLER, "", "plan", "deploy", "list", "status", "diff", "history", "inspect");
        put(Way.CONTROLLER, "with `-f`, and `events --audit`, by itself on the controller's machine", "events", "logs");
        put(Way.CONTROLLER, "", "create-deployment", "set-service", "scale", "stop", "start", "restart", "remove");
        put(Way.CONTROLLER, "", "exec", "run", "rollback", "unpin", "promote", "abort", "pause", "resume");
        put(Way.CONTROLLER, "", "suspend", "approve", "notify");
        put(Way.CONTROLLER, "", "volume list", "volume backup", "volume restore", "volume remove");
        put(Way.CONTROLLER, "", "secret list", "secret show", "secret set", "secret rotate");
        put(Way.ELSEWHERE, "", "source add", "source list", "source remove");
        put(Way.FILES, "", "hook install", "hook remove", "remote add");
        put(Way.MACHINE, "", "serve", "webhook secret", "doctor");
        put(Way.MACHINE, "", "token add", "token list", "token remove", "key add", "key list", "key remove");
        put(Way.MACHINE, "", "system up", "system down", "system status", "system install", "system uninstall");
        put(Way.MACHINE, "", "system backup", "system restore", "system move-store");
    }

    private static void put(Way way, String note, String... commands) {
        for (String command : commands) {
            ALL.put(command, new Known(way, note));
        }
    }

    /** All commands that do something, such as {@code volume backup}. */
    static Collection<String> commands() {
        return ALL.keySet();
    }

    /** Who does a command's work. */
    static Way of(String command) {
        Known known = ALL.get(command);
        return known == null ? Way.FILES : known.way();
    }

    /**
     * Nothing of this machine is touched by a command that was meant for a controller elsewhere.
     *
     * @param command such as {@code volume backup}
     */
    static void check(String command) {
        if (of(command) == Way.MACHINE) {
            throw refused();
        }
    }

    /** What is said then. */
    public static Failure refused() {
        return new Failure(Kind.REFUSED, "this command does not go through a controller, and PORTOLAN_URL names one")
                .withHint("run it without PORTOLAN_URL on the controller's machine");
    }

    /** The table of the page. */
    static String markdown() {
        Map<Known, StringBuilder> rows = new LinkedHashMap<>();
        ALL.forEach((command, known) -> {
            StringBuilder row = rows.computeIfAbsent(known, each -> new StringBuilder());
            row.append(row.isEmpty() ? "" : ", ").append('`').append(command).append('`');
        });
        StringBuilder text = new StringBuilder(
                "| command | without a controller | on the controller's machine | with `PORTOLAN_URL` |\n");
        text.append("|---|---|---|---|\n");
        rows.forEach((known, names) -> {
            text.append("| ").append(names);
            if (!known.note().isEmpty()) {
                text.append(" (").append(known.note()).append(')');
            }
            known.way().cells().forEach(cell -> text.append(" | ").append(cell));
            text.append(" |\n");
        });
        return text.toString();
    }
}
