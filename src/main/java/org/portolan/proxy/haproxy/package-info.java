/**
 * HAProxy: its process, its master socket and runtime API, and what it says of servers. A "worker" is one of HAProxy's
 * processes; after a reload an old one lives on for the connections that it has.
 */
@NullMarked
package org.portolan.proxy.haproxy;

import org.jspecify.annotations.NullMarked;
