@NullMarked
package org.portolan.notify;

import org.jspecify.annotations.NullMarked;
