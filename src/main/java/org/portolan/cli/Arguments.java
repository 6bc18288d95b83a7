package org.portolan.cli;

import java.util.List;

/** What can be told of a command line before its command's options are known. */
final class Arguments {
    private Arguments() {}

    /** The command's name: the first word that is neither a global option nor its value; "" when there is none. */
    static String command(List<String> arguments) {
        for (int index = 0; index < arguments.size(); index++) {
            String argument = arguments.get(index);
            if (argument.equals("-D") || argument.equals("--deployment")) {
                index++;
            } else if (!argument.startsWith("-")) {
                return argument;
            }
        }
        return "";
    }

    /** Whether one of the words stands there as an option (before {@code --}). */
    static boolean has(List<String> arguments, String... options) {
        for (String argument : arguments) {
            if (argument.equals("--")) {
                return false;
            }
            for (String option : options) {
                if (argument.equals(option)) {
                    return true;
                }
            }
        }
        return false;
    }
}
