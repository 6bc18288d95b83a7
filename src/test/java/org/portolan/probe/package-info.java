/** Tests of the checks over sockets and in containers. */
@NullMarked
package org.portolan.probe;

import org.jspecify.annotations.NullMarked;
