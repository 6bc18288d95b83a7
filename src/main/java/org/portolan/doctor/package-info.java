/** What {@code doctor} asks for: checks of this machine, the engine, the store, the proxies and the network, as findings. Changes nothing. */
@NullMarked
package org.portolan.doctor;

import org.jspecify.annotations.NullMarked;
