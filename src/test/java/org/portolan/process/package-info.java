@NullMarked
package org.portolan.process;

import org.jspecify.annotations.NullMarked;
