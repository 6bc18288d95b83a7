/** The reference page and the JSON Schema, made from the table of the format. */
@NullMarked
package org.portolan.servicefile.reference;

import org.jspecify.annotations.NullMarked;
