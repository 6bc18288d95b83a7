/** How a controller is asked, and what may answer in its place. */
@NullMarked
package org.portolan.remote;

import org.jspecify.annotations.NullMarked;
