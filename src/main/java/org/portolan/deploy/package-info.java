/** What a person or a hook can ask for: plan, deploy, scale, stop, remove, roll back. Ties the pure core to the ports. */
@NullMarked
package org.portolan.deploy;

import org.jspecify.annotations.NullMarked;
