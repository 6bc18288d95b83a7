package org.portolan.query;

import java.util.List;
import java.util.Map;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.service.GeneratedValue;
import org.portolan.release.GeneratedValues;
import org.portolan.store.Store;

/** The generated values of a deployment. */
public final class GeneratedSecrets {
    private GeneratedSecrets() {}

    /** All values by name, each with all its versions, oldest first; none for one that cannot be read. */
    public static Map<String, List<GeneratedValue>> list(Store store, String deployment) {
        return store.generated(deployment);
    }

    /**
     * The present version of a value.
     *
     * @throws Failure with {@link Kind#NOT_FOUND} when there is no such value, {@link Kind#CORRUPT} when it cannot be read
     */
    public static GeneratedValue show(Store store, String deployment, String name) {
        return GeneratedValues.versions(store, deployment, name).getLast();
    }
}
