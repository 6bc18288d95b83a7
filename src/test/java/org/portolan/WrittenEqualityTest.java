package org.portolan;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.model.Position;
import org.portolan.model.container.ContainerFile;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.service.ImageContent;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;
import org.portolan.process.ListeningSockets;
import org.portolan.routing.Frontend;
import org.portolan.store.Commit.VersionId;

/** That values whose equality is written out (docs/adr) compare every component, also one that is added later. */
class WrittenEqualityTest {
    static Stream<Class<? extends Record>> written() throws ClassNotFoundException {
        Class<? extends Record> listen =
                Class.forName("org.portolan.proxy.nginx.Listen").asSubclass(Record.class);
        return Stream.of(
                InstanceId.class,
                ImageContent.class,
                SourceId.class,
                Origin.class,
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

    /** No record, since a record's equality does not compare what an array holds; its constructor tells its components. */
    @Test
    void everyPartOfAFileCounts() throws ReflectiveOperationException {
        Class<?>[] types = ContainerFile.class.getConstructors()[0].getParameterTypes();
        long fields = Arrays.stream(ContainerFile.class.getDeclaredFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers()))
                .count();
        assertThat(types).hasSize((int) fields);
        Object one = made(types, -1);
        assertThat(made(types, -1)).isEqualTo(one).hasSameHashCodeAs(one);
        for (int changed = 0; changed < types.length; changed++) {
            assertThat(made(types, changed)).as("argument " + changed).isNotEqualTo(one);
        }
        assertThat(one).isNotEqualTo("another type");
    }

    private static Object made(Class<?>[] types, int changed) throws ReflectiveOperationException {
        Object[] values = new Object[types.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(types[i], i == changed ? 1 : 0);
        }
        return ContainerFile.class.getConstructor(types).newInstance(values);
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
        if (type == SourceId.class) {
            return new SourceId("file " + which, "Servicefile");
        }
        if (type == Optional.class) {
            return Optional.of("value " + which);
        }
        if (type == byte[].class) {
            return new byte[] {(byte) which};
        }
        return type == int.class ? which : type.isEnum() ? type.getEnumConstants()[which] : "value " + which;
    }
}
