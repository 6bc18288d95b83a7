package org.portolan.gitserver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.PreReceiveHook;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.ReceiveCommand.Result;
import org.eclipse.jgit.transport.ReceivePack;
import org.portolan.controller.ControllerHandle;
import org.portolan.controller.FollowedSources;
import org.portolan.controller.PushTarget;
import org.portolan.model.Failure;
import org.portolan.model.event.AccessEvent.ChangeRequested;
import org.portolan.model.service.Desired;
import org.portolan.model.state.Scope;
import org.portolan.plan.Departed;
import org.portolan.source.Sources;
import org.portolan.sync.LoadedSource;
import org.portolan.sync.SourceLoader;
import org.portolan.sync.SourceRequest;

/**
 * Looks at what is pushed before any branch moves: a branch that is deployed moves only to a commit whose files are valid, and only for
 * somebody who may change every deployment that this changes.
 */
final class PushCheck implements PreReceiveHook {
    private static final int SHORT_ID = 7;

    private final String source;
    private final FollowedSources sources;
    private final Sources repositories;
    private final SourceLoader loader;
    private final ControllerHandle controller;
    private final Visitor visitor;
    private final List<Deploying> deploying = new ArrayList<>();

    PushCheck(
            String source,
            FollowedSources sources,
            Sources repositories,
            SourceLoader loader,
            ControllerHandle controller,
            Visitor visitor) {
        this.source = source;
        this.sources = sources;
        this.repositories = repositories;
        this.loader = loader;
        this.controller = controller;
        this.visitor = visitor;
    }

    /**
     * A branch that may move and whose commit is to be deployed.
     *
     * @param shown the deployments that it changes
     */
    record Deploying(ReceiveCommand command, PushTarget target, List<Desired> deployments, Set<String> shown) {}

    /** What was found good, once it was looked at. */
    List<Deploying> deploying() {
        return List.copyOf(deploying);
    }

    @Override
    public void onPreReceive(ReceivePack pack, Collection<ReceiveCommand> commands) {
        PushOutput output = new PushOutput(pack.getMessageOutputStream());
        try {
            if (!visitor.stands()) {
                output.line("error: " + visitor.named() + " was removed or changed, or has expired");
                refuseAll(commands);
                return;
            }
            String head = head(pack.getRepository(), commands);
            for (ReceiveCommand command : commands) {
                check(pack.getRepository(), command, head, output);
                if (command.getResult() == Result.NOT_ATTEMPTED) {
                    audit(command);
                }
            }
        } catch (IOException | RuntimeException problem) {
            output.line("error: the push could not be checked");
            refuseAll(commands);
        }
    }

    private void audit(ReceiveCommand command) {
        String what = "git push " + source + " " + Repository.shortenRefName(command.getRefName()) + " "
                + (command.getType() == ReceiveCommand.Type.DELETE
                        ? "deleted"
                        : command.getNewId().abbreviate(SHORT_ID).name());
        controller.record("", new ChangeRequested(what, visitor.who(), visitor.from()));
    }

    private static void refuseAll(Collection<ReceiveCommand> commands) {
        for (ReceiveCommand command : commands) {
            if (command.getResult() == Result.NOT_ATTEMPTED) {
                command.setResult(Result.REJECTED_OTHER_REASON, "not checked");
            }
        }
    }

    /** HEAD follows the first branch that is pushed, so that a clone is not empty. */
    private String head(Repository repository, Collection<ReceiveCommand> commands) throws IOException {
        String full = String.valueOf(repository.getFullBranch());
        if (repository.resolve(Constants.HEAD) != null) {
            return Repository.shortenRefName(full);
        }
        List<String> wanted = new ArrayList<>(sources.branches(source));
        wanted.add(Repository.shortenRefName(full));
        List<String> pushed = commands.stream()
                .filter(command -> command.getType() != ReceiveCommand.Type.DELETE)
                .map(ReceiveCommand::getRefName)
                .filter(name -> name.startsWith(Constants.R_HEADS))
                .map(Repository::shortenRefName)
                .toList();
        Optional<String> first = wanted.stream()
                .filter(pushed::contains)
                .findFirst()
                .or(() -> sources.branches(source).isEmpty() ? pushed.stream().findFirst() : Optional.empty());
        if (first.isEmpty()) {
            return Repository.shortenRefName(full);
        }
        RefUpdate update = repository.updateRef(Constants.HEAD);
        update.disableRefLog();
        update.link(Constants.R_HEADS + first.get());
        return first.get();
    }

    private void check(Repository repository, ReceiveCommand command, String head, PushOutput output)
            throws IOException {
        String name = command.getRefName();
        if (name.startsWith(Constants.R_TAGS)) {
            return;
        }
        if (!name.startsWith(Constants.R_HEADS)) {
            command.setResult(Result.REJECTED_OTHER_REASON, "only branches and tags can be pushed");
            return;
        }
        String branch = Repository.shortenRefName(name);
        Optional<PushTarget> target = sources.target(source, branch, head);
        if (target.isEmpty()) {
            List<String> branches = sources.branches(source);
            output.line(branch + " is not deployed: " + source + " deploys "
                    + (branches.isEmpty() ? head : String.join(", ", branches)));
            return;
        }
        boolean forced = command.getType() == ReceiveCommand.Type.DELETE
                || command.getType() == ReceiveCommand.Type.UPDATE_NONFASTFORWARD;
        if (forced && !visitor.principal().scope().covers(Scope.ADMIN)) {
            command.setResult(
                    Result.REJECTED_OTHER_REASON,
                    branch + " is deployed: only a " + visitor.proof() + " with scope admin may delete or rewrite it");
            return;
        }
        if (command.getType() == ReceiveCommand.Type.DELETE) {
            output.line(branch + " is deleted: nothing is deployed, and running services stay");
            return;
        }
        validate(repository, command, branch, target.get(), output);
    }

    private void validate(
            Repository repository, ReceiveCommand command, String branch, PushTarget target, PushOutput output)
            throws IOException {
        try {
            LoadedSource read = loader.automatic(
                    new SourceRequest.Place.Found(repositories.pushedCommit(
                            repository.getDirectory().toPath(),
                            command.getNewId().name(),
                            branch,
                            target.path())),
                    target.deployment(),
                    target.inputs());
            read.warnings().forEach(output::problem);
            List<Desired> deployments = read.withOrigin();
            Set<String> changed = new TreeSet<>();
            deployments.forEach(desired -> changed.add(desired.name()));
            if (read.complete()) {
                changed.addAll(Departed.of(controller.installation().store().deployments(), read.source(), deployments)
                        .names());
            }
            for (String name : changed) {
                if (!visitor.principal().may(Scope.DEPLOY, name)) {
                    command.setResult(
                            Result.REJECTED_OTHER_REASON, visitor.named() + " may not change the deployment " + name);
                    return;
                }
            }
            deploying.add(new Deploying(command, target, deployments, changed));
        } catch (Failure failure) {
            output.failure(failure);
            command.setResult(Result.REJECTED_OTHER_REASON, "not valid: see above; fix it, commit and push again");
        }
    }
}
