/** Units of kaylee: of version 0.4 on Docker, and of version 2 on rkt. */
@NullMarked
package org.portolan.importer.kaylee;

import org.jspecify.annotations.NullMarked;
