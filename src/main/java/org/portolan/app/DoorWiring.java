package org.portolan.app;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.portolan.config.Configuration;
import org.portolan.config.ConfigurationEditor;
import org.portolan.config.Configurations;
import org.portolan.controller.Door;
import org.portolan.controller.FileSourceBook;
import org.portolan.controller.FollowedSources;
import org.portolan.controller.LogKeeper;
import org.portolan.gitserver.GitDoor;
import org.portolan.http.ApiSettings;
import org.portolan.http.HttpDoor;
import org.portolan.http.MetricsText;
import org.portolan.http.OwnMachine;
import org.portolan.metrics.ControllerMetrics;
import org.portolan.notify.Notifications;
import org.portolan.notify.NotifiedSources;
import org.portolan.notify.WebhookReceiver;
import org.portolan.notify.WebhookSecrets;
import org.portolan.outgoing.http.HttpOutgoing;
import org.portolan.process.Home;
import org.portolan.release.Installation;
import org.portolan.sync.SourceLoader;

/** What only a controller has: what measures it, and what listens while it leads. */
final class DoorWiring {
    private final ControllerMetrics metrics = new ControllerMetrics(ProgramVersion.text());

    Installation measured(Installation parts) {
        return metrics.measured(parts);
    }

    List<Door> doors(Wiring parts, Map<String, String> environment, Consumer<String> warnings) {
        Configuration decided = parts.configuration();
        Home home = parts.home();
        Configuration.Api api = decided.api();
        ApiSettings settings = new ApiSettings(
                home.file("api.sock"),
                api.address(),
                api.port(),
                api.tls().map(tls -> new ApiSettings.Tls(tls.certificate(), tls.key())),
                api.domain()
                        .map(domain -> new ApiSettings.PublicName(
                                domain.name(),
                                domain.at().toString(),
                                !decided.edge().trusted().isEmpty())),
                Home.machine(),
                ProgramVersion.text());
        SourceLoader loader = new SourceLoader(parts, environment, InstantSource.system(), warnings);
        FollowedSources followed =
                new FollowedSources(() -> parts.configuration().sources(), home.root(), loader);
        GitDoor git = new GitDoor(home.root(), decided.git(), followed, parts.sources(), loader);
        return List.of(
                metrics,
                new HttpDoor(
                                settings,
                                parts,
                                new DoorTokens(parts.store()),
                                new WebhookReceiver(
                                        () -> parts.configuration().sources(), new WebhookSecrets(home, environment)),
                                accept -> scrape(metrics.text(accept)),
                                git.http())
                        .examining(parts)
                        .on(OwnMachine.of(
                                parts::proxyFile,
                                new FileSourceBook(
                                        new ConfigurationEditor(environment, home),
                                        () -> Configurations.read(environment, home.root())
                                                .sources()))),
                git,
                new LogKeeper(),
                new NotifiedSources(() -> parts.configuration().sources()),
                new Notifications(
                        () -> parts.configuration().notifications(),
                        () -> parts.configuration().sources(),
                        environment,
                        HttpOutgoing::new));
    }

    private static MetricsText.Scrape scrape(ControllerMetrics.Text text) {
        return new MetricsText.Scrape(text.type(), text.bytes());
    }
}
