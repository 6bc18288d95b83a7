/**
 * What a release does with its jobs, decided from what the engine shows: pure. A job's container goes from created to running
 * to completed or failed; the container that completed is kept, stopped, as the memory of it.
 */
@NullMarked
package org.portolan.jobs;

import org.jspecify.annotations.NullMarked;
