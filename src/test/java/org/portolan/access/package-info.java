@NullMarked
package org.portolan.access;

import org.jspecify.annotations.NullMarked;
