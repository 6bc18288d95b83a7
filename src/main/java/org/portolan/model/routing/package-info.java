/** What the proxies are given, as values: backends, servers, domains, ports. */
@NullMarked
package org.portolan.model.routing;

import org.jspecify.annotations.NullMarked;
