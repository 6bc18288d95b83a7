@NullMarked
package org.portolan.bundle;

import org.jspecify.annotations.NullMarked;
