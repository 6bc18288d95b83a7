/** The port to the proxies that serve the routes; what they are given is {@code model.routing}, how it is rendered {@code routing}. */
@NullMarked
package org.portolan.proxy;

import org.jspecify.annotations.NullMarked;
