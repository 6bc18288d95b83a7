/** From checked nodes to the values of {@code model.service}. */
@NullMarked
package org.portolan.servicefile.decode;

import org.jspecify.annotations.NullMarked;
