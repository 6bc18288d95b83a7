/** What every store must do, as tests that run on each of them. */
@NullMarked
package org.portolan.store;

import org.jspecify.annotations.NullMarked;
