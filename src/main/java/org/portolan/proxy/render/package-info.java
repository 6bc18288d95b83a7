/**
 * What the proxies shall serve, and their texts: the union of all deployments' parts as a {@link RoutingTable} of typed
 * values, and HAProxy's and nginx's files made of it with Mustache templates. Pure but for reading templates. May import
 * the JDK, {@code model}, {@code proxy}, Mustache and commons-codec.
 */
@NullMarked
package org.portolan.proxy.render;

import org.jspecify.annotations.NullMarked;
