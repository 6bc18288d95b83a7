package org.portolan.servicefile;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.InvalidInput;
import org.portolan.model.Problem;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Origin;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.service.SourceId;
import org.portolan.servicefile.expand.Macros;

/** Short ways to load a file in a test. */
final class LoadedFile {
    static final List<String> SECRET_NAMES = List.of("password", "passwd", "token", "secret", "key", "credential");

    private LoadedFile() {}

    static LoadOptions options() {
        return new LoadOptions(
                Optional.empty(),
                Map.of(),
                Macros.of(Map.of()),
                Origin.of(new SourceId("/test", "")),
                SECRET_NAMES,
                false);
    }

    static LoadOptions options(String deployment) {
        return new LoadOptions(
                Optional.of(deployment),
                Map.of(),
                Macros.of(Map.of()),
                Origin.of(new SourceId("/test", "")),
                SECRET_NAMES,
                true);
    }

    static LoadOptions options(Map<String, String> parameters, Map<String, String> macros) {
        return new LoadOptions(
                Optional.empty(),
                parameters,
                Macros.of(macros),
                Origin.of(new SourceId("/test", "")),
                SECRET_NAMES,
                false);
    }

    static Desired one(String text) {
        return one(MemoryTree.of(text));
    }

    static Desired one(MemoryTree tree) {
        return Servicefiles.load(tree, "Servicefile", options()).deployments().get(0);
    }

    /** The definition of the service {@code web}. */
    static Definition web(String text) {
        return at(one(text).services(), "web").definition();
    }

    /** What a map holds, which must be there. */
    static <V> V at(Map<String, V> map, String key) {
        V value = map.get(key);
        if (value == null) {
            throw new AssertionError("no " + key + " in " + map.keySet());
        }
        return value;
    }

    static ServiceSpec spec(String text) {
        return ServiceSpec.from("web", web(text));
    }

    /** The faults of a file, rendered. */
    static List<String> faults(String text) {
        return faults(MemoryTree.of(text), options());
    }

    static List<String> faults(MemoryTree tree, LoadOptions options) {
        List<String> found = new ArrayList<>();
        assertThatExceptionOfType(InvalidInput.class)
                .isThrownBy(() -> Servicefiles.load(tree, "Servicefile", options))
                .satisfies(input -> {
                    for (Problem problem : input.problems()) {
                        found.add(problem.render());
                    }
                });
        return found;
    }
}
