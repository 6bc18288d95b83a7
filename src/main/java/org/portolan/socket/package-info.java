/**
 * Connections whose waits end: a unix socket has no timeouts, and no socket has one for writing, so a watchdog closes what
 * takes too long.
 */
@NullMarked
package org.portolan.socket;

import org.jspecify.annotations.NullMarked;
