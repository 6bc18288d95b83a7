package org.portolan.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;

/** Shows what to do next; calls are commands that can be typed as they stand. */
final class Advice {
    private static final Pattern PLAIN = Pattern.compile("[\\w./:@%+=,-]+");

    private Advice() {}

    static String text(Remedy remedy) {
        return remedy.text(call -> '`' + command(call) + '`');
    }

    private static String command(Call call) {
        List<String> words = new ArrayList<>(List.of("portolan"));
        call.deployment().ifPresent(name -> words.addAll(List.of("-D", quoted(name))));
        words.add(
                switch (call.verb()) {
                    case ABORT -> "abort";
                    case DEPLOY -> "deploy";
                    case DOCTOR -> "doctor";
                    case HISTORY -> "history";
                    case INIT -> "init";
                    case LIST -> "list";
                    case MOVE_STORE -> "system move-store";
                    case PLAN -> "plan";
                    case REMOVE -> "remove";
                    case ROLLBACK -> "rollback";
                    case SECRET -> "secret";
                    case STATUS -> "status";
                    case STOP -> "stop";
                    case SYSTEM_DOWN -> "system down";
                    case SYSTEM_UP -> "system up";
                    case VOLUME_LIST -> "volume list";
                    case VOLUME_REMOVE -> "volume remove";
                });
        call.arguments().forEach(argument -> words.add(quoted(argument)));
        return String.join(" ", words);
    }

    private static String quoted(String argument) {
        return PLAIN.matcher(argument).matches() ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }
}
