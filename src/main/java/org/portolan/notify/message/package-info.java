/** The news that other systems get, and their forms. Values and functions; time is an input. */
@NullMarked
package org.portolan.notify.message;

import org.jspecify.annotations.NullMarked;
