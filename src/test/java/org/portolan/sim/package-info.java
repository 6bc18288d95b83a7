/** Simulated time, for tests in which hours pass in milliseconds. Imports the JDK only. */
@NullMarked
package org.portolan.sim;

import org.jspecify.annotations.NullMarked;
