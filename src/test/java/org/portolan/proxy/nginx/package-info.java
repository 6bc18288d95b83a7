/** Tests of the edge's process without nginx. */
@NullMarked
package org.portolan.proxy.nginx;

import org.jspecify.annotations.NullMarked;
