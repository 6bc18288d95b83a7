/**
 * Imports: the definitions of other systems to the text of a Servicefile, with a report of everything that it does not say.
 * The input is recognised by its content. Reads what lies beside the input through {@link org.portolan.source.FileTree};
 * writes nothing.
 */
@NullMarked
package org.portolan.importer;

import org.jspecify.annotations.NullMarked;
