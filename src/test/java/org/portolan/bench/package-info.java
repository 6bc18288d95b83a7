/** Benchmarks of the pure code (JMH); run by scripts/bench. */
@NullMarked
package org.portolan.bench;

import org.jspecify.annotations.NullMarked;
