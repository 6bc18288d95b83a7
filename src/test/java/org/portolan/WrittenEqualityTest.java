package org.portolan;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.model.Position;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.service.ImageContent;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;
import org.portolan.process.ListeningSockets;
import org.portolan.routing.Frontend;
import org.portolan.store.Commit.VersionId;

/** That records whose equality is written out (docs/adr) compare every component, also one that is added later. */
class WrittenEqualityTest {
    static Stream<Class<? extends Record>> written() throws ClassNotFoundException {
        Class<? extends Record> listen =
                Class.forName("org.portolan.proxy.nginx.Listen").asSubclass(Record.class);
        return Stream.of(
                InstanceId.class,
                ImageContent.class,
                SourceId.class,
                VersionId.class,
                Position.class,
                DeploymentState.Claim.class,
                Frontend.Bind.class,
                ListeningSockets.Socket.class,
                listen);
    }

    @ParameterizedTest
    @MethodSource("written")
    void everyComponentCounts(Class<? extends Record> type) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Record one = made(type, -1);
        assertThat(made(type, -1)).isEqualTo(one).hasSameHashCodeAs(one);
        for (int changed = 0; changed < components.length; changed++) {
            assertThat(made(type, changed)).as(components[changed].getName()).isNotEqualTo(one);
        }
        assertThat(one).isNotEqualTo("another type");
    }

    private static Record made(Class<? extends Record> type, int changed) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(components[i].getType(), i == changed ? 1 : 0);
        }
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Constructor<? extends Record> constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return constructor.newInstance(values);
    }

    private static Object value(Class<?> type, int which) {
        if (type == boolean.class) {
            return which == 1;
        }
        if (type == long.class) {
            return (long) which;
        }
        if (type == Position.class) {
            return Position.of("file " + which);
        }
        return type == int.class ? which : type.isEnum() ? type.getEnumConstants()[which] : "value " + which;
    }
}
