/**
 * Servicefiles: YAML or JSON text to desired state. A file becomes a tree whose every value remembers its place, its
 * includes are merged, parameters are expanded value by value, and one table ({@link org.portolan.servicefile.format.Format})
 * decodes it to definitions in normal form, writes the reference page and the JSON Schema. May import model, source and
 * SnakeYAML, which is used nowhere else.
 */
@NullMarked
package org.portolan.servicefile;

import org.jspecify.annotations.NullMarked;
