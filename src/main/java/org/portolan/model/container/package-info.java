/** Containers, images, networks and volumes as values: what an engine has and what it is asked for. */
@NullMarked
package org.portolan.model.container;

import org.jspecify.annotations.NullMarked;
