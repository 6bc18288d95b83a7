/** What every proxy promises. */
@NullMarked
package org.portolan.proxy;

import org.jspecify.annotations.NullMarked;
