package org.portolan.gitserver;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client asks for: the only two things that there are.
 *
 * @param push whether it sends, otherwise it gets
 * @param source the repository's name without {@code .git}
 */
record GitRequest(boolean push, String source) {
    private static final int LONGEST = 200;
    private static final Pattern COMMAND =
            Pattern.compile("git[- ](receive|upload)-pack '?/?([A-Za-z0-9][A-Za-z0-9_-]{0,62})(?:\\.git)?/?'?");

    /** Reads the command of an SSH session; nothing else is a command here. */
    static Optional<GitRequest> of(String command) {
        if (command.length() > LONGEST) {
            return Optional.empty();
        }
        Matcher matcher = COMMAND.matcher(command.strip());
        return matcher.matches()
                ? Optional.of(new GitRequest(matcher.group(1).equals("receive"), matcher.group(2)))
                : Optional.empty();
    }
}
