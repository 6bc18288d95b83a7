/** Health checks over sockets and in containers. */
@NullMarked
package org.portolan.probe.socket;

import org.jspecify.annotations.NullMarked;
