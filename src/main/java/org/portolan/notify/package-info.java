/**
 * What Portolan and other systems tell each other: deliveries of Git hosts come in, notifications and commit statuses go out. Only
 * the leader does either. What goes out follows the events in the store, so it never holds up a release.
 */
@NullMarked
package org.portolan.notify;

import org.jspecify.annotations.NullMarked;
