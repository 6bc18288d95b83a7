/**
 * A deterministic container engine for tests: virtual time, behaviours by image, seeded faults. It keeps the same
 * contract as the Docker adapter ({@code EngineContract}). Imports engine, model and {@code org.portolan.sim}.
 */
@NullMarked
package org.portolan.engine.sim;

import org.jspecify.annotations.NullMarked;
