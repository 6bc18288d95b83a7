/** A store in memory for tests: deterministic, with faults to switch on. */
@NullMarked
package org.portolan.store.memory;

import org.jspecify.annotations.NullMarked;
