/** From a source to what runs: Servicefile → desired deployments → plans → releases → what the source no longer names is removed. */
@NullMarked
package org.portolan.sync;

import org.jspecify.annotations.NullMarked;
