/** Starts the program and wires it: the only place that names adapters. */
@NullMarked
package org.portolan.app;

import org.jspecify.annotations.NullMarked;
