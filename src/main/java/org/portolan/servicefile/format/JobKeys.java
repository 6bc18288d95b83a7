package org.portolan.servicefile.format;

import java.time.Duration;
import java.util.List;
import org.portolan.model.service.JobSpec;

/** The keys of a job, under {@code Exec}. */
public final class JobKeys {
    public static final List<Key> ALL = List.of(
            Key.of(
                    JobSpec.SERVICE,
                    new Shapes.Text("a service's name"),
                    "required",
                    "The service whose version the job runs in: its image, variables, volumes, network and limits.",
                    "{service: web, cmd: ./manage migrate}"),
            Key.of(
                    "cmd",
                    new CommandShape(true, false),
                    "required",
                    "The command, as `cmd` of a service. Exit status 0 completes the job.",
                    "{service: web, cmd: [./manage, migrate]}"),
            Key.of(
                    "env",
                    new EnvShape(),
                    "",
                    "More variables, over those of the service.",
                    "{service: web, cmd: ./manage migrate, env: {LOCK_TIMEOUT: 5s}}"),
            Key.of(
                    "require",
                    new Shapes.Texts("a service's, a job's or a database's name", true),
                    "",
                    "Services that must be healthy, jobs that must be completed and databases that must exist before it runs,"
                            + " besides those that its service requires.",
                    "{service: web, cmd: ./manage migrate, require: []}"),
            Key.withDefault(
                    "when",
                    new Shapes.OneOf(List.of(JobSpec.EACH_VERSION, JobSpec.ONCE)),
                    JobSpec.EACH_VERSION,
                    "`each_version`: once with each new version of the service. `once`: once in the deployment.",
                    "{service: web, cmd: ./manage createsuperuser, when: once}"),
            Key.of(
                    "after",
                    new Shapes.OneOf(List.of(JobSpec.RELEASED)),
                    "before the new version starts",
                    "`released`: it runs when the release is good. Its failure is reported and does not roll back.",
                    "{service: web, cmd: ./manage warm-cache, after: released}"),
            Key.withDefault(
                    "timeout",
                    new Shapes.Time(Duration.ofSeconds(1)),
                    JobSpec.TIMEOUT,
                    "How long an attempt may take; then it is killed and has failed.",
                    "{service: web, cmd: ./manage migrate, timeout: 1h}"),
            Key.withDefault(
                    "retries",
                    new Shapes.Whole("a number of retries", 0, 20),
                    0L,
                    "How often a failed attempt is repeated.",
                    "{service: web, cmd: ./manage migrate, retries: 2}"));

    private JobKeys() {}
}
