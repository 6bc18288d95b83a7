/**
 * The Docker adapter of {@link org.portolan.engine.Engine}: the Engine API over a unix socket or tcp with TLS.
 *
 * <p>{@code DockerEndpoint} says where the engine is, as the docker command would find it. {@code Transport} carries
 * requests (one for unix sockets, one for tcp), {@code Calls} adds the API version, JSON, deadlines and errors, and one
 * small class for each subject (containers, networks, images, commands, logs, events) speaks to the engine through it.
 * {@code DockerEngine} puts them together.
 */
@NullMarked
package org.portolan.engine.docker;

import org.jspecify.annotations.NullMarked;
