/**
 * Servicefiles: YAML or JSON text to desired state, in one direction through the packages below.
 *
 * <pre>
 *   text ─▶ yaml (a tree with positions) ─▶ expand (includes, templates, parameters) ─▶ format (the table of keys and shapes)
 *        ─▶ decode (values of model.service) ─▶ {@link org.portolan.servicefile.Loaded}
 * </pre>
 *
 * <p>{@code reference} writes the reference page and the JSON Schema from the same table.
 */
@NullMarked
package org.portolan.servicefile;

import org.jspecify.annotations.NullMarked;
