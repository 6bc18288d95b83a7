package org.portolan.http;

import java.util.List;
import java.util.stream.Stream;

/** Everything that can be asked for. */
final class RouteTable {
    static final List<Route> ALL = Stream.of(
                    HealthRoutes.all(),
                    HookRoutes.all(),
                    StateRoutes.all(),
                    ReleaseRoutes.all(),
                    EventRoutes.all(),
                    LogRoutes.all(),
                    ExecRoutes.all(),
                    AuditRoutes.all(),
                    MetricsRoutes.all(),
                    QueryRoutes.all(),
                    ChangeRoutes.all(),
                    SecretRoutes.all(),
                    VolumeRoutes.all(),
                    ArchiveRoutes.all(),
                    SteeringRoutes.all(),
                    BundleRoutes.all(),
                    OperationRoutes.all(),
                    LookRoutes.all(),
                    SourceBookRoutes.all(),
                    GitRoutes.all())
            .flatMap(List::stream)
            .toList();

    private RouteTable() {}
}
