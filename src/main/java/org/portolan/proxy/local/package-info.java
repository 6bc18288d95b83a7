/**
 * The proxies of one machine as one: keeps each deployment's part of the routing in a file, and brings nginx and HAProxy to
 * the union of all parts. Adapter of {@link org.portolan.proxy.Proxy}; named by the wiring only.
 */
@NullMarked
package org.portolan.proxy.local;

import org.jspecify.annotations.NullMarked;
