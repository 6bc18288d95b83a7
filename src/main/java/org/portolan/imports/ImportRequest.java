package org.portolan.imports;

import java.nio.file.Path;
import java.util.Optional;
import org.portolan.importer.ForeignSystem;

/**
 * What is to be imported.
 *
 * @param file the input, or a folder that holds one of the usual names
 * @param output the Servicefile to write; empty: it is only shown, with secrets in it
 * @param deployment the name that was asked for
 * @param from the system that the file is of; empty: recognised by its content
 * @param variant the environment or destination whose overrides are laid over the file
 * @param force whether files that exist are replaced
 */
public record ImportRequest(
        Path file,
        Optional<Path> output,
        Optional<String> deployment,
        Optional<ForeignSystem> from,
        Optional<String> variant,
        boolean force) {}
