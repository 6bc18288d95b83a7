package org.portolan.cli;

import java.util.Map;
import java.util.TreeMap;
import org.portolan.operate.Request;

/** Sets how many instances of services run. */
final class ScaleCommand extends ReasonedCommand {
    private static final int MOST = 10_000;

    private final Syntax.Texts scales =
            syntax().parameters("SERVICE=COUNT", true, "A service and its number of instances.");

    ScaleCommand() {
        super("scale", "Set the number of instances of services, until the next deploy of their files.");
    }

    @Override
    int change(Context context, Interrupts interrupts) {
        Map<String, Integer> wanted = new TreeMap<>();
        for (String pair : scales.all()) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw wrong(pair);
            }
            wanted.put(pair.substring(0, equals), count(pair, pair.substring(equals + 1)));
        }
        String deployment = deployment(context);
        return show(context, perform(context, interrupts, mandate -> new Request.Scale(deployment, wanted, mandate)));
    }

    private static int count(String pair, String digits) {
        try {
            int count = Integer.parseInt(digits);
            if (count >= 0 && count <= MOST) {
                return count;
            }
        } catch (NumberFormatException notANumber) {
            // Told below, as for a number that is out of range.
        }
        throw wrong(pair);
    }

    private static RuntimeException wrong(String pair) {
        return FailureView.usage("'" + pair + "' is not SERVICE=COUNT", "Example: portolan -D shop scale website=4");
    }
}
