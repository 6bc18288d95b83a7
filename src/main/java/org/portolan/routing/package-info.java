/** The routing table, and the configuration of both proxies rendered from it. Nothing gets into a configuration but through the sanitizer. */
@NullMarked
package org.portolan.routing;

import org.jspecify.annotations.NullMarked;
