/** A proxy in memory with a virtual clock, for tests that run whole histories. */
@NullMarked
package org.portolan.proxy.sim;

import org.jspecify.annotations.NullMarked;
