/** Tests of the Docker adapter; those with the tag "real" start an engine of their own inside {@code scripts/sandbox}. */
@NullMarked
package org.portolan.engine.docker;

import org.jspecify.annotations.NullMarked;
