package org.portolan.servicefile;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a value may look like: how it is read to its normal form (see {@link org.portolan.model.Definition}), and how it
 * is described to people and to editors.
 */
interface Shape {
    /** The normal form; null when the value is nothing, or wrong, which was reported. */
    @Nullable
    Object read(Node node, Reading in);

    /** The shape in words, for the reference page. */
    String words();

    /** The shape as a JSON Schema. */
    Map<String, Object> schema();
}
