package org.portolan.servicefile.format;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.portolan.servicefile.yaml.YamlNode;

/**
 * What a value may look like: how it is read to its normal form (see {@link org.portolan.model.service.Definition}), and how it
 * is described to people and to editors.
 */
public interface Shape {
    /** The normal form; null when the value is nothing, or wrong, which was reported. */
    @Nullable
    Object read(YamlNode node, Reading in);

    /** The shape in words, for the reference page. */
    String words();

    /** The shape as a JSON Schema. */
    Map<String, Object> schema();
}
