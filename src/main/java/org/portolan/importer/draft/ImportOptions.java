package org.portolan.importer.draft;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known besides the input.
 *
 * @param deployment the name that was asked for
 * @param folder the absolute path of the folder in which the input lies, for relative bind mounts
 * @param prefix what leads from the Servicefile's folder to the input's: "" or {@code conf/}
 * @param home the home directory, for {@code ~}
 * @param separateSecrets whether secrets go to env files beside the Servicefile; else they stand in it
 * @param secretNames parts of names that make a value secret, lower-case
 * @param environment the variables of the person who imports
 * @param variant the environment or destination whose overrides are laid over the file
 */
public record ImportOptions(
        Optional<String> deployment,
        String folder,
        String prefix,
        Optional<String> home,
        boolean separateSecrets,
        List<String> secretNames,
        Map<String, String> environment,
        Optional<String> variant) {}
