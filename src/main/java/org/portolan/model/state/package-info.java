/** What is kept of a deployment between commands: its state, its releases, its events. */
@NullMarked
package org.portolan.model.state;

import org.jspecify.annotations.NullMarked;
