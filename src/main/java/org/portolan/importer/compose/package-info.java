/** Compose files: versions 2 and 3 of the format, and the current specification. */
@NullMarked
package org.portolan.importer.compose;

import org.jspecify.annotations.NullMarked;
