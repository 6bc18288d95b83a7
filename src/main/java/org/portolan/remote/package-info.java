/** What commands ask for, asked of a controller elsewhere over its HTTP API: on a unix socket, or over TCP with a token. */
@NullMarked
package org.portolan.remote;

import org.jspecify.annotations.NullMarked;
