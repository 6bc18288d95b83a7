/** Kamal's deploy.yml. */
@NullMarked
package org.portolan.importer.kamal;

import org.jspecify.annotations.NullMarked;
