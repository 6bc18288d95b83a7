@NullMarked
package org.portolan.notify.message;

import org.jspecify.annotations.NullMarked;
