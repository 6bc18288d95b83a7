/** The format of the Servicefile as one table of keys and shapes; the reference page and the schema are made from it. */
@NullMarked
package org.portolan.servicefile.format;

import org.jspecify.annotations.NullMarked;
