package org.portolan.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.servicefile.Servicefiles;

/**
 * A shipped template as a Servicefile of the user: with the deployment's name, and with defaults of parameters replaced.
 *
 * @param text the Servicefile
 * @param firsts what the user does before the first deploy
 */
record TemplateCopy(String text, List<String> firsts) {
    private static final String FIRST = "# First: ";

    /**
     * @param given parameters to their defaults; values that could break the file were refused before
     * @throws org.portolan.model.Failure when there is no such template, or it has no such parameter
     */
    static TemplateCopy of(String template, String deployment, Map<String, String> given) {
        String text = Servicefiles.template(template)
                .orElseThrow(() -> FailureView.usage(
                        "no template is named '" + template + "'",
                        "Known: " + String.join(", ", Servicefiles.templates()) + "."));
        for (Map.Entry<String, String> parameter : given.entrySet()) {
            text = withDefault(template, text, parameter.getKey(), parameter.getValue());
        }
        StringBuilder copy = new StringBuilder();
        List<String> firsts = new ArrayList<>();
        boolean named = false;
        for (String line : text.lines().toList()) {
            if (line.startsWith(FIRST)) {
                firsts.add(line.substring(FIRST.length()));
            }
            if (!named && !line.startsWith("#")) {
                copy.append("Name: ").append(deployment).append("   # the deployment's name, unless -D is given\n");
                named = true;
            }
            copy.append(line).append('\n');
        }
        return new TemplateCopy(copy.toString(), firsts);
    }

    private static String withDefault(String template, String text, String parameter, String value) {
        String start = "\n  " + parameter + ": {default: ";
        int at = text.indexOf(start);
        if (at < 0) {
            throw FailureView.usage(
                    "the template " + template + " has no parameter '" + parameter + "'",
                    parameters(text).map(known -> "It has: " + known + ".").orElse("It has none."));
        }
        int from = at + start.length();
        int comma = text.indexOf(", description:", from);
        return text.substring(0, from) + '"' + value + '"' + text.substring(comma);
    }

    private static Optional<String> parameters(String text) {
        List<String> names = text.lines()
                .filter(line -> line.contains(": {default: "))
                .map(line -> line.strip().substring(0, line.strip().indexOf(':')))
                .toList();
        return names.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", names));
    }
}
