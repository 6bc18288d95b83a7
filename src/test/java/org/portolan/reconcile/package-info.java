/** Tests of the queue: rules one by one, and random histories. */
@NullMarked
package org.portolan.reconcile;

import org.jspecify.annotations.NullMarked;
