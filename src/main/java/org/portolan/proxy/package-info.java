/** Routing: the table of what the outside and the services reach, and the port to the proxies that serve it. */
@NullMarked
package org.portolan.proxy;

import org.jspecify.annotations.NullMarked;
