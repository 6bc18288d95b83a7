/** The port to a container engine, in our own words. Adapters live below it; nothing here names a library. */
@NullMarked
package org.portolan.engine;

import org.jspecify.annotations.NullMarked;
