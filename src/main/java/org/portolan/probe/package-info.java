/** Asks instances whether they work: over a socket or with a command in the container; and what they reach. */
@NullMarked
package org.portolan.probe;

import org.jspecify.annotations.NullMarked;
