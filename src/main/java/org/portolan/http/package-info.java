/**
 * The HTTP API of the controller: {@link org.portolan.http.RouteTable} lists what can be asked for, {@link org.portolan.http.HttpDoor}
 * listens, {@link org.portolan.http.ApiHandler} is between the two. No decision is made here: a request is read, a use case answers.
 */
@NullMarked
package org.portolan.http;

import org.jspecify.annotations.NullMarked;
