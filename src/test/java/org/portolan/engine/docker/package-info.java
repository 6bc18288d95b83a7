/** Tests of the Docker adapter; those with the tag "real" start a separate engine inside {@code scripts/sandbox}. */
@NullMarked
package org.portolan.engine.docker;

import org.jspecify.annotations.NullMarked;
