package org.portolan.servicefile;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.service.Origin;
import org.portolan.servicefile.expand.Macros;

/**
 * What is known besides the files.
 *
 * @param deployment the deployment that was asked for ({@code -D})
 * @param parameters values given by hand ({@code --set}); they win over the file's
 * @param macros what {@code %%NAME%%} stands for
 * @param origin where the files come from
 * @param secretNames parts of names that make a value secret, lower-case
 * @param requireDeployment whether a file with services must have a deployment's name; else {@code deployment} stands in
 * @param now for judging whether certificates are still valid
 */
public record LoadOptions(
        Optional<String> deployment,
        Map<String, String> parameters,
        Macros macros,
        Origin origin,
        List<String> secretNames,
        boolean requireDeployment,
        Optional<Instant> now) {

    /** Without a time: nothing is judged by it. */
    public LoadOptions(
            Optional<String> deployment,
            Map<String, String> parameters,
            Macros macros,
            Origin origin,
            List<String> secretNames,
            boolean requireDeployment) {
        this(deployment, parameters, macros, origin, secretNames, requireDeployment, Optional.empty());
    }
}
