package org.portolan.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.portolan.config.NotificationSettings;
import org.portolan.config.NotificationSettings.Address;
import org.portolan.config.NotificationSettings.Format;
import org.portolan.controller.ControllerHandle;
import org.portolan.model.Position;
import org.portolan.sim.SimSite;

/** Which targets get something, as the configuration changes. */
class NotificationsTest {
    private final List<NotificationSettings> targets = new ArrayList<>();
    private final List<RecordingOutgoing> opened = new ArrayList<>();
    private final SimSite site = new SimSite(1);
    private final Notifications notifications =
            new Notifications(() -> List.copyOf(targets), List::of, Map.of(), () -> {
                opened.add(new RecordingOutgoing());
                return opened.getLast();
            });

    private ControllerHandle controller() {
        var installation = site.process().installation;
        return (ControllerHandle) Proxy.newProxyInstance(
                ControllerHandle.class.getClassLoader(),
                new Class<?>[] {ControllerHandle.class},
                (proxy, method, arguments) -> installation);
    }

    private static NotificationSettings target(String name) {
        return new NotificationSettings(
                name,
                new Address.Plain("https://chat.internal/x"),
                Set.of("failed"),
                Set.of(),
                Format.JSON,
                Optional.empty(),
                Optional.empty(),
                Position.of("portolan.yaml"));
    }

    @Test
    void theyBeginAgainOnlyWhenTheConfigurationSaysSomethingElse() {
        notifications.start(controller());
        assertThat(opened).isEmpty();
        targets.add(target("team"));
        notifications.reconfigured(controller());
        assertThat(opened).hasSize(1);
        notifications.reconfigured(controller());
        assertThat(opened).as("as before").hasSize(1);
        targets.clear();
        notifications.reconfigured(controller());
        targets.add(target("other"));
        notifications.reconfigured(controller());
        assertThat(opened).hasSize(2);
        notifications.stop(Duration.ofSeconds(5));
        targets.clear();
        notifications.reconfigured(controller());
        targets.add(target("late"));
        notifications.reconfigured(controller());
        assertThat(opened).as("one that was stopped stays so").hasSize(2);
    }
}
