package org.portolan.gitserver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.PreReceiveHook;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.ReceiveCommand.Result;
import org.eclipse.jgit.transport.ReceivePack;
import org.portolan.controller.ControllerHandle;
import org.portolan.controller.FollowedSources;
import org.portolan.controller.PatternPush;
import org.portolan.controller.PushTarget;
import org.portolan.controller.SourceParts;
import org.portolan.model.Failure;
import org.portolan.model.event.AccessEvent.ChangeRequested;
import org.portolan.model.service.Desired;
import org.portolan.model.state.Scope;
import org.portolan.sync.SourceLoader;

/**
 * Looks at what is pushed before any branch moves: a branch that is deployed moves only to a commit whose files are valid, and only for
 * somebody who may change every deployment that this changes. Of one push all moves or nothing.
 */
final class PushCheck implements PreReceiveHook {
    private static final int SHORT_ID = 7;

    /** Of what one push moves so much is named in the audit log, branches before tags. */
    private static final int NAMED = 10;

    private final String source;
    private final FollowedSources sources;
    private final SourceLoader loader;
    private final ControllerHandle controller;
    private final Visitor visitor;
    private final List<Deploying> deploying = new ArrayList<>();
    private final List<ReceiveCommand> dropping = new ArrayList<>();

    PushCheck(
            String source, FollowedSources sources, SourceLoader loader, ControllerHandle controller, Visitor visitor) {
        this.source = source;
        this.sources = sources;
        this.loader = loader;
        this.controller = controller;
        this.visitor = visitor;
    }

    /**
     * A branch that may move and whose commit is to be deployed.
     *
     * @param shown the deployments that it changes
     */
    record Deploying(ReceiveCommand command, List<PushTarget> targets, List<Desired> deployments, Set<String> shown) {}

    /** What was found good, once it was looked at. */
    List<Deploying> deploying() {
        return List.copyOf(deploying);
    }

    /** The branches that a pattern stood for, and that may go: what they deployed is to be looked at. */
    List<ReceiveCommand> dropping() {
        return List.copyOf(dropping);
    }

    @Override
    public void onPreReceive(ReceivePack pack, Collection<ReceiveCommand> commands) {
        PushOutput output = new PushOutput(pack.getMessageOutputStream());
        try {
            if (!visitor.stands()) {
                output.line("error: " + visitor.named() + " was removed or changed, or has expired");
                refuseAll(commands, "not checked");
                return;
            }
            // A push is one change: what a person sees refused did not happen in part.
            pack.setAtomic(true);
            checkAll(pack.getRepository(), commands, output);
            if (pack.getAllCommands().stream().anyMatch(command -> command.getResult() != Result.NOT_ATTEMPTED)) {
                refuseAll(commands, "not moved, as something else of this push was refused");
                return;
            }
            audit(commands);
        } catch (IOException | RuntimeException problem) {
            output.line("error: the push could not be checked");
            refuseAll(commands, "not checked");
        }
    }

    private void checkAll(Repository repository, Collection<ReceiveCommand> commands, PushOutput output)
            throws IOException {
        String head = head(repository, commands);
        PushedFiles files =
                new PushedFiles(source, repository.getDirectory().toPath(), loader, controller, visitor, output);
        Optional<PatternPush> patterns = patterns(repository, commands, head, output);
        for (ReceiveCommand command : commands) {
            check(command, head, patterns, files, output);
        }
        Optional<SourceParts> now = patterns.map(PatternPush::now);
        boolean refused = commands.stream().anyMatch(command -> command.getResult() != Result.NOT_ATTEMPTED);
        if (!refused && files.clash(now)) {
            deploying.forEach(one -> one.command()
                    .setResult(Result.REJECTED_OTHER_REASON, "declared twice: see above; give it another name"));
        } else if (!refused) {
            now.ifPresent(files::tellLeft);
        }
    }

    /** What the patterns stand for once this is done; empty where no branch is of any. Faults are shown, and their branches refused. */
    private Optional<PatternPush> patterns(
            Repository repository, Collection<ReceiveCommand> commands, String head, PushOutput output) {
        List<ReceiveCommand> concerned = commands.stream()
                .filter(command -> command.getRefName().startsWith(Constants.R_HEADS)
                        && sources.isOfPatterns(source, Repository.shortenRefName(command.getRefName()), head))
                .toList();
        if (concerned.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Optional<String>> moved = new HashMap<>();
        commands.stream()
                .filter(command -> command.getRefName().startsWith(Constants.R_HEADS))
                .forEach(command -> moved.put(
                        Repository.shortenRefName(command.getRefName()),
                        isDeleted(command)
                                ? Optional.empty()
                                : Optional.of(command.getNewId().name())));
        try {
            return Optional.of(sources.push(
                    source,
                    loader.pushedBranches(repository.getDirectory().toPath()).after(head, moved)));
        } catch (Failure failure) {
            List<ReceiveCommand> wrong =
                    concerned.stream().filter(command -> !isDeleted(command)).toList();
            if (!wrong.isEmpty()) {
                output.failure(failure);
                wrong.forEach(command -> command.setResult(
                        Result.REJECTED_OTHER_REASON, "not valid: see above; fix it, commit and push again"));
            }
            return Optional.empty();
        }
    }

    private static boolean isDeleted(ReceiveCommand command) {
        return command.getType() == ReceiveCommand.Type.DELETE;
    }

    /** One entry for the whole push: thousands of tags would push out what others did. */
    private void audit(Collection<ReceiveCommand> commands) {
        List<String> moving = commands.stream()
                .filter(command -> command.getResult() == Result.NOT_ATTEMPTED)
                .sorted(Comparator.comparing(command -> command.getRefName().startsWith(Constants.R_TAGS)))
                .map(PushCheck::words)
                .toList();
        if (!moving.isEmpty()) {
            int more = moving.size() - NAMED;
            String what = String.join(", ", moving.subList(0, Math.min(NAMED, moving.size())))
                    + (more > 0 ? " and " + more + " more" : "");
            controller.record(
                    "", new ChangeRequested("git push " + source + " " + what, visitor.who(), visitor.from()));
        }
    }

    private static String words(ReceiveCommand command) {
        return Repository.shortenRefName(command.getRefName()) + " "
                + (command.getType() == ReceiveCommand.Type.DELETE
                        ? "deleted"
                        : command.getNewId().abbreviate(SHORT_ID).name());
    }

    private static void refuseAll(Collection<ReceiveCommand> commands, String why) {
        for (ReceiveCommand command : commands) {
            if (command.getResult() == Result.NOT_ATTEMPTED) {
                command.setResult(Result.REJECTED_OTHER_REASON, why);
            }
        }
    }

    /** HEAD follows the first branch that is pushed, so that a clone is not empty. */
    private String head(Repository repository, Collection<ReceiveCommand> commands) throws IOException {
        String full = String.valueOf(repository.getFullBranch());
        if (repository.resolve(Constants.HEAD) != null) {
            return Repository.shortenRefName(full);
        }
        String own = Repository.shortenRefName(full);
        List<String> pushed = commands.stream()
                .filter(command -> command.getType() != ReceiveCommand.Type.DELETE)
                .map(ReceiveCommand::getRefName)
                .filter(name -> name.startsWith(Constants.R_HEADS))
                .map(Repository::shortenRefName)
                .toList();
        Optional<String> first = sources.firstDeployed(source, pushed)
                .or(() -> pushed.stream().filter(own::equals).findFirst())
                .or(() -> sources.branches(source).isEmpty() ? pushed.stream().findFirst() : Optional.empty());
        if (first.isEmpty()) {
            return Repository.shortenRefName(full);
        }
        RefUpdate update = repository.updateRef(Constants.HEAD);
        update.disableRefLog();
        update.link(Constants.R_HEADS + first.get());
        return first.get();
    }

    private void check(
            ReceiveCommand command, String head, Optional<PatternPush> patterns, PushedFiles files, PushOutput output) {
        String name = command.getRefName();
        if (command.getResult() != Result.NOT_ATTEMPTED || name.startsWith(Constants.R_TAGS)) {
            return;
        }
        if (!name.startsWith(Constants.R_HEADS)) {
            command.setResult(Result.REJECTED_OTHER_REASON, "only branches and tags can be pushed");
            return;
        }
        String branch = Repository.shortenRefName(name);
        boolean ofPatterns = sources.isOfPatterns(source, branch, head);
        Optional<PushTarget> target = ofPatterns ? Optional.empty() : sources.target(source, branch, head);
        if (!ofPatterns && target.isEmpty()) {
            List<String> branches = sources.branches(source);
            output.line(branch + " is not deployed: " + source + " deploys "
                    + (branches.isEmpty() ? head : String.join(", ", branches)));
            return;
        }
        boolean forced = isDeleted(command) || command.getType() == ReceiveCommand.Type.UPDATE_NONFASTFORWARD;
        if (forced && !visitor.principal().scope().covers(Scope.ADMIN)) {
            command.setResult(
                    Result.REJECTED_OTHER_REASON,
                    branch + " is deployed: only a " + visitor.proof() + " with scope admin may delete or rewrite it");
            return;
        }
        if (isDeleted(command)) {
            output.line(branch + " is deleted: nothing is deployed, and running services stay");
            if (ofPatterns) {
                dropping.add(command);
            }
            return;
        }
        List<PatternPush.Part> parts = target.isPresent()
                ? List.of(new PatternPush.Part(branch, target.get(), true))
                : patterns.map(found -> found.of(branch)).orElse(List.of());
        PushedFiles.Read read = files.read(branch, command.getNewId().name(), parts);
        if (!read.why().isEmpty()) {
            command.setResult(Result.REJECTED_OTHER_REASON, read.why());
            return;
        }
        deploying.add(new Deploying(
                command, parts.stream().map(PatternPush.Part::target).toList(), read.deployments(), read.shown()));
    }
}
