package org.portolan.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.operate.ArchiveFile;
import org.portolan.operate.Mandate;
import org.portolan.operate.Operations;
import org.portolan.operate.Request;
import org.portolan.operate.VolumeCopies;
import org.portolan.operate.Volumes;
import org.portolan.release.DeployOptions;
import org.portolan.release.Outcome;

/**
 * Archives of volumes, which are of any size. A backup or a restore is an operation as every change; its bytes go by another request,
 * to which the operation says when it waits for it.
 */
final class ArchiveRoutes {
    static final String TAR = "application/x-tar";

    /** More than most: {@code changes of shop} counts as well. */
    private static final String COPIES = "copies of volumes";

    private static final String ARCHIVE = "/v1/operations/{operation}/archive";
    private static final int LONGEST_NAME = 4_096;
    private static final int ACCEPTED = 202;

    private ArchiveRoutes() {}

    static List<Route> all() {
        Map<String, Object> form = ChangeBody.form().done();
        return List.of(
                Route.change(
                                "POST",
                                "/v1/volumes/{volume}/backup",
                                Route.DEPLOY,
                                "Read a volume's data between the backup commands of its services; the operation's archive has it.",
                                form,
                                ACCEPTED,
                                Operation.FORM,
                                (api, asked) -> {
                                    ChangeBody.check(asked.json(), form);
                                    return backup(api, asked);
                                })
                        .judging(),
                Route.get(
                                ARCHIVE,
                                Route.DEPLOY,
                                "Take the archive of a backup, once its events say that it is ready.",
                                Map.of(),
                                ArchiveRoutes::take)
                        .judging()
                        .as(TAR),
                new Route(
                        "PUT",
                        PathTemplate.of(ARCHIVE),
                        Route.ADMIN,
                        "Send the archive of a restore, once its events say that it is wanted.",
                        List.of(),
                        Optional.empty(),
                        0,
                        200,
                        List.of(Reply.JSON),
                        ApiSchema.object().done(),
                        Reach.JUDGED,
                        ArchiveRoutes::bring));
    }

    private static Reply backup(Api api, ApiRequest asked) {
        String volume = asked.name("volume");
        String deployment = Volumes.deployment(api.installation(), volume);
        if (!asked.caller().sees(deployment)) {
            throw Volumes.unknown(volume);
        }
        Mandate mandate = ChangeBody.mandate(asked);
        BooleanSupplier stands = () -> api.stands().test(asked.caller());
        return OperationRoutes.begin(
                api, asked, job(deployment, ChangeBody.options(asked), (run, options, operation) -> {
                    SentArchive archive = new SentArchive(operation, options.interrupted(), stands);
                    VolumeCopies.Saved saved =
                            ended(operation, options, "nothing was saved", () -> new VolumeCopies(run)
                                    .backup(volume, archive, mandate.caller(), options));
                    operation.lines().add(Map.of("writing", saved.writing()));
                    return new Outcome(Outcome.Kind.DONE, deployment, 0);
                }));
    }

    private static Changes.Job job(String deployment, DeployOptions options, Changes.Work work) {
        return new Changes.Job(
                List.of(deployment),
                List.of("changes of " + deployment, COPIES),
                false,
                0,
                options,
                work,
                ChangeNature.UNTOLD);
    }

    /** Where this process stops listening, that is what stopped it, and no person. */
    private static <T> T ended(Operation operation, DeployOptions options, String left, Supplier<T> work) {
        try {
            return work.get();
        } catch (Failure failure) {
            if (options.interrupted().getAsBoolean() && !operation.stopped()) {
                throw new Failure(Kind.UNREACHABLE, "the controller was stopped before this was done")
                        .withDetails(failure.details())
                        .withHint(left)
                        .withCause(failure);
            }
            throw failure;
        }
    }

    /**
     * A restore of what is sent.
     *
     * @param sent the archive's name, of which the ending says whether it is compressed, and its size
     */
    static Reply restore(Api api, ApiRequest asked, StrictJson sent) {
        String shown = sent.text("name");
        long bytes = sent.at("bytes").whole();
        if (shown.isEmpty() || shown.length() > LONGEST_NAME || bytes < 0) {
            throw new Failure(Kind.INVALID, "the archive needs a name and a size");
        }
        String deployment = asked.deployment();
        String volume = asked.name("volume");
        Mandate mandate = ChangeBody.mandate(asked);
        Path folder = api.viewed().home().file(ReceivedArchive.FOLDER);
        BooleanSupplier stands = () -> api.stands().test(asked.caller());
        return OperationRoutes.begin(
                api, asked, job(deployment, ChangeBody.options(asked), (run, options, operation) -> {
                    try (ReceivedArchive received = new ReceivedArchive(folder, operation.id(), shown)) {
                        ArchiveFile archive = received.archive();
                        Request request = new Request.RestoreVolume(deployment, volume, archive, mandate);
                        // Before anybody sends what may be large.
                        new VolumeCopies(run).admit(new Request.RestoreVolume(deployment, volume, archive, mandate));
                        ended(operation, options, "nothing was changed", () -> {
                            received.take(operation, bytes, options.interrupted(), stands);
                            return "";
                        });
                        return new Operations(run).perform(request, options);
                    }
                }));
    }

    private static Operation own(Api api, ApiRequest asked) {
        Operation operation = OperationRoutes.find(api, asked);
        if (!operation.who().equals(asked.caller().name())) {
            throw new Failure(Kind.REFUSED, "the archive is for whoever asked for it");
        }
        if (!asked.method().equals("GET") && !asked.method().equals("PUT")) {
            throw new Failure(Kind.REFUSED, "the archive is handed over once, to who takes it");
        }
        return operation;
    }

    private static Failure notWaiting() {
        return new Failure(Kind.REFUSED, "no archive is waited for here")
                .withHint("the operation's events say when it is");
    }

    private static Reply take(Api api, ApiRequest asked) {
        Operation operation = own(api, asked);
        if (operation.over()) {
            throw notWaiting();
        }
        return new Reply.Exchanged(TAR, (in, out, gone) -> {
            // To its end, so that only what is sent counts from now on.
            if (in.read() >= 0) {
                throw new IOException("a body where none is read");
            }
            hold(operation, in, out);
        });
    }

    private static Reply bring(Api api, ApiRequest asked) {
        Operation operation = own(api, asked);
        if (!asked.header("Content-Type").orElse("").toLowerCase(Locale.ROOT).equals(TAR)
                || asked.header("Content-Encoding").isPresent()) {
            return ProblemJson.plain(
                    415,
                    "Unsupported media type",
                    "the body has to be " + TAR + ", compressed or not as its name says",
                    Optional.empty(),
                    asked.id());
        }
        if (operation.over()) {
            throw notWaiting();
        }
        return new Reply.Exchanged(Reply.JSON, (in, out, gone) -> {
            hold(operation, in, out);
            out.write("{}".getBytes(StandardCharsets.UTF_8));
        });
    }

    private static void hold(Operation operation, InputStream in, OutputStream out) throws IOException {
        ArchiveHandover.Carrier carrier = new ArchiveHandover.Carrier(in, out);
        if (!operation.archive().offer(carrier)) {
            throw new IOException("no archive is waited for");
        }
        ArchiveHandover.hold(carrier);
    }
}
