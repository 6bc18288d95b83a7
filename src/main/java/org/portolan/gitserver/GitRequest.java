package org.portolan.gitserver;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.portolan.config.PushRepositories;

/**
 * What a client asks for: the only two things that there are.
 *
 * @param push whether it sends, otherwise it gets
 * @param source the repository's name without {@code .git}
 */
record GitRequest(boolean push, String source) {
    /** The two services as Git names them. */
    static final String UPLOAD = "git-upload-pack";

    static final String RECEIVE = "git-receive-pack";

    private static final int LONGEST = 200;
    private static final String SUFFIX = ".git";
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

    /**
     * Reads what a path of HTTP names.
     *
     * @param repository with or without {@code .git}
     */
    static Optional<GitRequest> of(String repository, String service) {
        String source = repository.endsWith(SUFFIX)
                ? repository.substring(0, repository.length() - SUFFIX.length())
                : repository;
        boolean push = service.equals(RECEIVE);
        return PushRepositories.isName(source) && (push || service.equals(UPLOAD))
                ? Optional.of(new GitRequest(push, source))
                : Optional.empty();
    }
}
