/** Requests to other systems by the HTTP client of the JDK. */
@NullMarked
package org.portolan.outgoing.http;

import org.jspecify.annotations.NullMarked;
