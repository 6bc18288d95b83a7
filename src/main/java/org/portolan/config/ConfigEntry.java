package org.portolan.config;

import java.util.List;
import org.portolan.model.Position;

/**
 * One value as it was written, in the file or in a variable.
 *
 * @param path sections and key joined by dots
 * @param items one for a single value, any number for a list
 */
record ConfigEntry(String path, List<String> items, Position at) {}
