/** From a source to what runs, on a simulated engine. */
@NullMarked
package org.portolan.sync;

import org.jspecify.annotations.NullMarked;
