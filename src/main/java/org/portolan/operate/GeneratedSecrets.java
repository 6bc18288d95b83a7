package org.portolan.operate;

import java.util.List;
import java.util.Map;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.ResourceEvent.ValueChange;
import org.portolan.model.event.ResourceEvent.ValueChanged;
import org.portolan.model.service.GenerateSpec;
import org.portolan.model.service.GeneratedValue;
import org.portolan.release.DeployOptions;
import org.portolan.release.GeneratedValues;
import org.portolan.release.Installation;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/** What a person does with a deployment's generated values. */
public final class GeneratedSecrets {
    private static final int LONGEST = 64 * 1024;

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

    /** Keeps a value that somebody knows: a lost one, or one from elsewhere. The next deploy of the files uses it. */
    public static void set(
            Installation installation,
            String deployment,
            String name,
            String text,
            Mandate mandate,
            DeployOptions options) {
        if (text.isEmpty() || text.length() > LONGEST) {
            throw new Failure(Kind.INVALID, "the value of " + name + " must have 1 to " + LONGEST + " characters");
        }
        try (Lease lease = new Locks(installation).take(deployment, mandate.caller(), options)) {
            List<GeneratedValue> versions =
                    installation.store().generated(deployment).getOrDefault(name, List.of());
            GenerateSpec spec = versions.isEmpty()
                    ? GenerateSpec.of(GenerateSpec.Kind.HEX)
                    : versions.getLast().spec();
            new GeneratedValues(installation).set(lease, name, spec, text);
        }
        installation.publish(deployment, new ValueChanged(ValueChange.SET, name));
    }
}
