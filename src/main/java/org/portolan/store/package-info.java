/** The port to the state that outlives a command: releases, versions, ownership, leases, events. Adapters live below it. */
@NullMarked
package org.portolan.store;

import org.jspecify.annotations.NullMarked;
