package org.portolan.servicefile;

import java.util.List;
import java.util.OptionalInt;
import org.portolan.model.Problem;
import org.portolan.model.service.Definition;

/**
 * A service set by hand.
 *
 * @param name the service's name
 * @param definition the existing definition with the given keys laid over it
 * @param scale how many instances, when that was given
 */
public record ServiceChange(String name, Definition definition, OptionalInt scale, List<Problem> warnings) {}
