package org.portolan.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.portolan.engine.EngineException.Reason;
import org.portolan.model.container.Container;
import org.portolan.model.container.ContainerSpec;
import org.portolan.model.container.ContainerSpec.Publish;
import org.portolan.model.container.NetworkSpec;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;

/** What tests of an {@link Engine} are made of: images that behave in a known way, and containers of them. */
public abstract class EngineCase {
    protected static final String INSTALLATION = "contract";
    protected static final Duration GRACE = Duration.ofSeconds(3);
    protected Engine engine;

    /** An engine that holds nothing of these tests'. */
    protected abstract Engine connect();

    /** The reference of an image that obeys TERM, exposes port 80 and writes {@code hello} at its start. */
    protected abstract String good();

    /** The reference of an image that ends with status 3 soon after its start. */
    protected abstract String ending();

    /** The reference of an image that ignores TERM. */
    protected abstract String stubborn();

    /** The reference of an image that declares a volume at /data. */
    protected abstract String storing();

    /** Makes an image that no other test uses, called so, and returns its id; another one each time. */
    protected abstract String image(String reference);

    /** Calls an image by one more name. */
    protected abstract void tag(String reference, String name);

    /** Takes a container off a network. */
    protected abstract void disconnect(String container, String network);

    /** Stops the processes of a container where they are. */
    protected abstract void pause(String container);

    /** Makes a container that is not Portolan's. */
    protected abstract void foreign(String name);

    /** Lets a moment pass. */
    protected abstract void pass(Duration duration);

    @BeforeEach
    void begin() {
        engine = connect();
    }

    @AfterEach
    void end() {
        engine.close();
    }

    protected ContainerSpec spec(int n) {
        return spec(n, good(), List.of());
    }

    protected ContainerSpec spec(int n, String image, List<Publish> ports) {
        InstanceId id = new InstanceId("contract", "web", 1, n);
        Map<String, String> labels = new TreeMap<>(Map.of(
                Labels.INSTALLATION,
                INSTALLATION,
                Labels.DEPLOYMENT,
                id.deployment(),
                Labels.SERVICE,
                id.service(),
                Labels.VERSION,
                "1",
                Labels.INSTANCE,
                Integer.toString(n),
                Labels.HASH,
                "abc"));
        return new ContainerSpec(
                id.name(),
                ServiceSpec.from("web", Definition.of(Map.of("image", image))),
                image,
                Map.of("GREETING", "hello"),
                List.of(),
                Optional.empty(),
                labels,
                "",
                List.of(),
                ports,
                List.of(),
                "no");
    }

    protected static ContainerSpec with(ContainerSpec spec, Map<String, String> labels) {
        return new ContainerSpec(
                spec.name(),
                spec.spec(),
                spec.image(),
                spec.env(),
                spec.command(),
                spec.entrypoint(),
                labels,
                spec.network(),
                spec.aliases(),
                spec.publish(),
                spec.mounts(),
                spec.restart());
    }

    protected static ContainerSpec at(ContainerSpec spec, String network, List<ContainerSpec.Mount> mounts) {
        return new ContainerSpec(
                spec.name(),
                spec.spec(),
                spec.image(),
                spec.env(),
                spec.command(),
                spec.entrypoint(),
                spec.labels(),
                network,
                List.of("web"),
                spec.publish(),
                mounts,
                spec.restart());
    }

    protected Container inspect(String id) {
        return engine.inspect(id).orElseThrow();
    }

    protected void await(BooleanSupplier condition) {
        for (int i = 0; i < 200; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            pass(Duration.ofMillis(50));
        }
        throw new AssertionError("it did not come about");
    }

    protected static void assertRefused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(EngineException.class, refused -> assertThat(refused.reason())
                .as(refused.what())
                .isEqualTo(reason));
    }

    protected static NetworkSpec network(String name) {
        return new NetworkSpec(name, Map.of(Labels.INSTALLATION, INSTALLATION), "10.231.0.0/16", 24);
    }
}
