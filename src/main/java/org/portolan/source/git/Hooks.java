package org.portolan.source.git;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.AtomicFiles;
import org.portolan.process.KeptEnvironment;
import org.portolan.source.Sources;

/**
 * The post-receive hook of a bare repository, which deploys what is pushed to one branch. It is one POSIX shell script
 * that holds what it needs to find its installation again, whoever pushes and however: the launcher, and the
 * installer's {@code PORTOLAN_*} and {@code DOCKER_*} variables. Those may be secret, so its mode is 700.
 */
public final class Hooks {
    private static final String NAME = "post-receive";
    private static final String MARK = "# portolan-hook";
    private static final String BODY = "post-receive.sh";
    private static final String EXECUTABLE = "rwx------";
    private static final int MAX_HEAD = 512;

    private Hooks() {}

    /**
     * What a hook is to do.
     *
     * @param repository a bare repository
     * @param branch the branch that is deployed; empty: whatever HEAD names at the time of the push
     * @param path the Servicefile, or its folder, in the repository; "" for the one at the root
     * @param deployment the deployment's name, where the Servicefile does not say it
     * @param launcher the program that deploys
     * @param stateDirectory the installation's
     * @param environment the installer's
     */
    public record Request(
            Path repository,
            Optional<String> branch,
            String path,
            Optional<String> deployment,
            Path launcher,
            Path stateDirectory,
            Map<String, String> environment) {}

    /**
     * What was done.
     *
     * @param file the hook
     * @param branch the branch that is deployed now; empty when HEAD is on none
     * @param replaced whether an earlier hook of Portolan was there
     */
    public record Installed(Path file, Optional<String> branch, boolean replaced) {}

    /**
     * Writes the hook, or writes it again.
     *
     * @throws Failure when this is not a bare repository, or another hook is there
     */
    public static Installed install(Request request) {
        Path repository = bare(request.repository());
        Optional<String> branch = request.branch().map(Hooks::checkedBranch);
        try {
            Path file = hookFile(repository);
            boolean replaced = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
            if (replaced && !isOurs(file)) {
                throw new Failure(Kind.CONFLICT, "there is already another hook: " + file)
                        .withHint(
                                "rename it to " + NAME + ".first and install again: Portolan's hook will run it first");
            }
            Files.createDirectories(repository.resolve("hooks"));
            AtomicFiles.write(file, script(request, branch).getBytes(StandardCharsets.UTF_8), EXECUTABLE);
            return new Installed(file, branch.or(() -> headBranch(repository)), replaced);
        } catch (IOException problem) {
            throw new Failure(
                            Kind.UNAVAILABLE,
                            "cannot write the hook of " + request.repository() + ": " + problem.getMessage())
                    .withCause(problem)
                    .withHint("run the command as the repository's owner");
        }
    }

    /** Takes the hook away; false when there is none by Portolan. */
    public static boolean remove(Path repository) {
        try {
            Path file = hookFile(bare(repository));
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS) || !isOurs(file)) {
                return false;
            }
            Files.delete(file);
            return true;
        } catch (IOException problem) {
            throw new Failure(Kind.UNAVAILABLE, "cannot remove the hook of " + repository + ": " + problem.getMessage())
                    .withCause(problem);
        }
    }

    private static Path bare(Path given) {
        Path folder;
        try {
            folder = given.toRealPath();
        } catch (IOException missing) {
            throw new Failure(Kind.NOT_FOUND, "folder " + given + " does not exist")
                    .withHint("create the repository first: git init --bare " + given);
        }
        if (WorkTrees.isBareRepository(folder) && !folder.endsWith(Constants.DOT_GIT)) {
            return folder;
        }
        if (WorkTrees.rootOf(folder).filter(folder::equals).isPresent() || folder.endsWith(Constants.DOT_GIT)) {
            throw new Failure(
                            Kind.INVALID,
                            given + " has a work tree, and Git rejects pushes to a branch that is checked out")
                    .withHint("use a bare repository: git clone --bare " + given + " " + given + ".git");
        }
        throw new Failure(Kind.INVALID, given + " is not a Git repository")
                .withHint("create one: git init --bare " + given);
    }

    private static Path hookFile(Path repository) throws IOException {
        try (Repository opened = Repositories.open(repository)) {
            String elsewhere = opened.getConfig()
                    .getString(ConfigConstants.CONFIG_CORE_SECTION, null, ConfigConstants.CONFIG_KEY_HOOKS_PATH);
            if (elsewhere != null && !elsewhere.isBlank()) {
                throw new Failure(Kind.INVALID, "the repository's hooks are in " + elsewhere + " (core.hooksPath)")
                        .withHint("unset it: git -C " + repository + " config --unset core.hooksPath");
            }
        }
        return repository.resolve("hooks").resolve(NAME);
    }

    private static Optional<String> headBranch(Path repository) {
        try (Repository opened = Repositories.open(repository)) {
            String head = opened.getFullBranch();
            return head == null || !head.startsWith(Constants.R_HEADS)
                    ? Optional.empty()
                    : Optional.of(head.substring(Constants.R_HEADS.length()));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private static String checkedBranch(String given) {
        String name = given.startsWith(Constants.R_HEADS) ? given.substring(Constants.R_HEADS.length()) : given;
        if (!Repository.isValidRefName(Constants.R_HEADS + name)) {
            throw new Failure(Kind.INVALID, given + " is not a valid branch name");
        }
        return name;
    }

    private static boolean isOurs(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_HEAD), StandardCharsets.UTF_8).contains(MARK);
        }
    }

    private static String script(Request request, Optional<String> branch) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append("#!/bin/sh\n")
                .append(MARK)
                .append(": written by `portolan hook install`. Run that again instead of editing this file.\n")
                .append("# The settings of the installation may be secret: keep the mode 700.\n");
        text.append(KeptEnvironment.exports(request.environment(), request.stateDirectory()));
        assign(text, "launcher", request.launcher().toAbsolutePath().toString());
        assign(text, "branch", branch.orElse(""));
        assign(text, "path", request.path().isEmpty() ? Sources.DEFAULT_NAME : request.path());
        assign(text, "deployment", request.deployment().orElse(""));
        return text.append('\n').append(body()).toString();
    }

    private static void assign(StringBuilder text, String name, String value) {
        text.append(name).append('=').append(KeptEnvironment.quoted(value)).append('\n');
    }

    private static String body() throws IOException {
        try (InputStream in = Hooks.class.getResourceAsStream(BODY)) {
            if (in == null) {
                throw new IOException("the program's resource " + BODY + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
