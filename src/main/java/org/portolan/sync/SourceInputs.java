package org.portolan.sync;

import java.util.Map;

/**
 * What a part of a source is read with besides what the configuration gives the whole source.
 *
 * @param parameters in place of the Servicefile's
 * @param variables what {@code %%NAME%%} stands for; they win over the source's
 */
public record SourceInputs(Map<String, String> parameters, Map<String, String> variables) {
    public static final SourceInputs NONE = new SourceInputs(Map.of(), Map.of());

    /** Values may be secret. */
    @Override
    public String toString() {
        return parameters.keySet() + " and " + variables.keySet();
    }
}
