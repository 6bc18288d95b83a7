/** Containers that run, as an engine shows them: a Compose project without its file. */
@NullMarked
package org.portolan.importer.running;

import org.jspecify.annotations.NullMarked;
