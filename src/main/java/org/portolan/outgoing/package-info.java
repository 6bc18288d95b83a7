/** The port to other systems' HTTP interfaces, for news of what happened. */
@NullMarked
package org.portolan.outgoing;

import org.jspecify.annotations.NullMarked;
