package org.portolan.http;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.operate.ArchiveFile;
import org.portolan.operate.LocalRequests;
import org.portolan.operate.Mandate;
import org.portolan.operate.Request;
import org.portolan.process.ProcessIdentity;
import org.portolan.release.DeployOptions;
import org.portolan.release.Outcome;

/** Volumes: what there is, and the removal of what nothing needs any more. */
final class VolumeRoutes {
    private static final String VOLUMES = "volumes";
    private static final String ARCHIVE = "archive";
    private static final String SEND = "send";
    private static final Map<String, Object> SENT = ApiSchema.object()
            .with("name", ApiSchema.TEXT)
            .with("bytes", ApiSchema.WHOLE)
            .done();
    private static final int ACCEPTED = 202;

    private VolumeRoutes() {}

    static List<Route> all() {
        Map<String, Object> form =
                ChangeBody.form().with(VOLUMES, ApiSchema.TEXTS).done();
        Map<String, Object> restore = ChangeBody.form()
                .maybe(ARCHIVE, ApiSchema.TEXT)
                .maybe(SEND, SENT)
                .done();
        return List.of(
                Route.change(
                        "POST",
                        "/v1/deployments/{deployment}/volumes/{volume}/restore",
                        Route.ADMIN,
                        "Replace a volume's data by an archive that is sent, or over the unix socket by one on the controller's machine.",
                        restore,
                        ACCEPTED,
                        Operation.FORM,
                        (api, asked) -> {
                            ChangeBody.check(asked.json(), restore);
                            return restore(api, asked);
                        }),
                Route.change(
                        "POST",
                        "/v1/volumes/remove",
                        Route.DEPLOY,
                        "Remove volumes with their data, unless they are in use or declared.",
                        form,
                        ACCEPTED,
                        Operation.FORM,
                        (api, asked) -> {
                            ChangeBody.check(asked.json(), form);
                            return remove(api, asked);
                        }));
    }

    /** Where it names a file, only who may read it anyway, and write the volume, may have it read. */
    private static Reply restore(Api api, ApiRequest asked) {
        Optional<StrictJson> sent = asked.json().find(SEND);
        if (sent.isPresent()) {
            ChangeBody.check(sent.get(), SENT);
            return ArchiveRoutes.restore(api, asked, sent.get());
        }
        if (!asked.caller().isLocal()) {
            throw new Failure(Kind.REFUSED, "an archive on the controller's machine is named over the unix socket only")
                    .withHint("send it: the body's 'send' has its name and its size in bytes");
        }
        Request request = new Request.RestoreVolume(
                asked.deployment(),
                asked.name("volume"),
                ArchiveFile.of(Path.of(asked.json().text(ARCHIVE))),
                ChangeBody.mandate(asked));
        return OperationRoutes.begin(api, asked, Changes.Job.of(request, ChangeBody.options(asked)));
    }

    /** They may be of any deployments, also of removed ones, which nobody is limited to. */
    private static Reply remove(Api api, ApiRequest asked) {
        List<String> names = asked.json().texts(VOLUMES);
        Mandate mandate = ChangeBody.mandate(asked);
        DeployOptions wanted = ChangeBody.options(asked);
        return OperationRoutes.begin(
                api,
                asked,
                new Changes.Job(
                        List.of(""),
                        List.of("removals of volumes"),
                        false,
                        0,
                        wanted,
                        (run, options, operation) -> {
                            new LocalRequests(run, ProcessIdentity::isDead).removeVolumes(names, mandate, options);
                            return new Outcome(Outcome.Kind.DONE, "", 0);
                        },
                        ChangeNature.UNTOLD));
    }
}
